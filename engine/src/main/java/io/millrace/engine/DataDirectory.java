package io.millrace.engine;

import io.millrace.engine.journal.Storage;
import io.millrace.engine.journal.StorageFile;
import io.millrace.engine.sqs.ReceiptSeal;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A data directory, locked: one engine at a time, whatever the process.
 *
 * <pre>
 *   lock            locked while an engine is open
 *   manifest        format=1, shards=1, starts=N        replaced whole at each start
 *   receipt-key     u32 key id, 32 secret bytes         made once, forced, mode 0600
 *   journal/        the journal's
 *   shard-0/        backlog, checkpoint-XXXXXXXX
 * </pre>
 *
 * <p>The number of starts is durable before the first reply of a run: receipts carry it, so that no
 * run reissues a receipt of another.
 */
final class DataDirectory implements AutoCloseable {

  private static final String FORMAT = "1";
  private static final String MANIFEST = "manifest";
  private static final String JOURNAL = "journal";
  private static final String SHARD = "shard-0";
  private static final int RECEIPT_FILE_BYTES = Integer.BYTES + ReceiptSeal.KEY_BYTES;

  private final Path root;
  private final FileChannel lockChannel;
  private final FileLock lock;
  private final int starts;
  private final int receiptKeyId;
  private final byte[] receiptKey;

  private DataDirectory(
      Path root,
      FileChannel lockChannel,
      FileLock lock,
      int starts,
      int receiptKeyId,
      byte[] receiptKey) {
    this.root = root;
    this.lockChannel = lockChannel;
    this.lock = lock;
    this.starts = starts;
    this.receiptKeyId = receiptKeyId;
    this.receiptKey = receiptKey;
  }

  /**
   * Makes the directory if it is missing, locks it, and counts this start.
   *
   * @throws DataDirectoryBusyException if another engine has it open
   * @throws IOException if it cannot be read or written, or was made by another format
   */
  static DataDirectory open(Path root, Storage storage) throws IOException {
    make(root, storage);
    FileChannel channel =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = tryLock(channel);
      if (lock == null) {
        throw new DataDirectoryBusyException(root);
      }
      int starts = countStart(root, storage);
      ByteBuffer key = ByteBuffer.wrap(receiptKey(root, storage));
      int keyId = key.getInt();
      byte[] secret = new byte[ReceiptSeal.KEY_BYTES];
      key.get(secret);
      // Made here and not by their owners, so that one force below makes their names durable.
      storage.createDirectories(root.resolve(JOURNAL));
      storage.createDirectories(root.resolve(SHARD));
      storage.forceDirectory(root);
      return new DataDirectory(root, channel, lock, starts, keyId, secret);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Makes the directory if it is missing. Its name stands in its parent and is durable only when
   * that was forced; a start without a manifest cannot know whether an earlier one came so far.
   */
  private static void make(Path root, Storage storage) throws IOException {
    Path absolute = root.toAbsolutePath();
    Deque<Path> parentsOfNew = new ArrayDeque<>();
    if (!Files.exists(absolute.resolve(MANIFEST))) {
      boolean isNew = true;
      for (Path parent = absolute.getParent();
          isNew && parent != null;
          parent = parent.getParent()) {
        parentsOfNew.push(parent);
        isNew = !Files.isDirectory(parent);
      }
    }
    storage.createDirectories(root);
    for (Path parent : parentsOfNew) {
      storage.forceDirectory(parent);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldInThisProcess) {
      return null;
    }
  }

  private static int countStart(Path root, Storage storage) throws IOException {
    Path manifest = root.resolve(MANIFEST);
    int before = 0;
    if (Files.exists(manifest)) {
      Properties properties = new Properties();
      properties.load(
          new StringReader(new String(read(manifest, storage), StandardCharsets.UTF_8)));
      if (!FORMAT.equals(properties.getProperty("format"))
          || !"1".equals(properties.getProperty("shards"))) {
        throw new IOException(
            "the data directory was made by another version of Millrace: " + properties);
      }
      before = Integer.parseInt(properties.getProperty("starts", "0"));
    }
    int starts = before + 1;
    String text = "format=" + FORMAT + "\nshards=1\nstarts=" + starts + "\n";
    replace(root, MANIFEST, text.getBytes(StandardCharsets.UTF_8), storage);
    return starts;
  }

  private static byte[] receiptKey(Path root, Storage storage) throws IOException {
    Path file = root.resolve("receipt-key");
    if (!Files.exists(file)) {
      byte[] bytes = new byte[RECEIPT_FILE_BYTES];
      new SecureRandom().nextBytes(bytes);
      replace(root, "receipt-key", bytes, storage);
      return bytes;
    }
    byte[] bytes = read(file, storage);
    if (bytes.length != RECEIPT_FILE_BYTES) {
      throw new IOException("receipt-key is damaged: " + bytes.length + " bytes");
    }
    return bytes;
  }

  private static byte[] read(Path path, Storage storage) throws IOException {
    try (StorageFile file = storage.open(path)) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.bytes()));
      file.read(bytes, 0);
      return bytes.array();
    }
  }

  private static void replace(Path root, String name, byte[] content, Storage storage)
      throws IOException {
    Path path = root.resolve(name);
    Path temporary = root.resolve(name + ".tmp");
    storage.delete(temporary);
    try (StorageFile file = storage.create(temporary)) {
      if (Files.getFileStore(temporary).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
      }
      file.write(ByteBuffer.wrap(content), 0);
      file.force();
    }
    storage.move(temporary, path);
    storage.forceDirectory(root);
  }

  /** How many times the data was opened, this one included. */
  int starts() {
    return starts;
  }

  ReceiptSeal receiptSeal() {
    return new ReceiptSeal(receiptKeyId, receiptKey);
  }

  Path journal() {
    return root.resolve(JOURNAL);
  }

  Path shard() {
    return root.resolve(SHARD);
  }

  @Override
  public void close() throws IOException {
    try {
      lock.release();
    } finally {
      lockChannel.close();
    }
  }
}
