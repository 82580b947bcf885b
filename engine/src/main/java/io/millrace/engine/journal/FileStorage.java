package io.millrace.engine.journal;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The machine's own file system. */
public final class FileStorage implements Storage {

  @Override
  public void createDirectories(Path directory) throws IOException {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw named(e);
    }
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  @Override
  public StorageFile create(Path file) throws IOException {
    try {
      return new OpenFile(file, FileChannel.open(file, READ, WRITE, CREATE_NEW));
    } catch (IOException e) {
      throw named(e);
    }
  }

  @Override
  public StorageFile open(Path file) throws IOException {
    return new OpenFile(file, FileChannel.open(file, READ, WRITE));
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, ATOMIC_MOVE);
    } catch (IOException e) {
      throw named(e);
    }
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    // Linux opens a directory for reading only; forcing that channel is fsync of the directory.
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  /** The JDK tells a full disk from other failures by its message alone. */
  private static IOException named(IOException e) {
    String message = String.valueOf(e.getMessage());
    boolean noSpace =
        message.contains("No space left on device") || message.contains("Disk quota exceeded");
    return noSpace ? new NoSpaceException(message, e) : e;
  }

  private record OpenFile(Path path, FileChannel channel) implements StorageFile {

    @Override
    public long bytes() throws IOException {
      return channel.size();
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      int total = 0;
      while (into.hasRemaining()) {
        int read = channel.read(into, position + total);
        if (read < 0) {
          break;
        }
        total += read;
      }
      return total;
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      try {
        long at = position;
        while (from.hasRemaining()) {
          at += channel.write(from, at);
        }
      } catch (IOException e) {
        throw named(e);
      }
    }

    @Override
    public void reserve(long position, long bytes) throws IOException {
      BlockReservation.reserve(path, position, bytes);
    }

    @Override
    public void truncate(long bytes) throws IOException {
      channel.truncate(bytes);
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
