package io.millrace.engine.shard;

import io.millrace.engine.journal.Storage;
import io.millrace.engine.journal.StorageFile;
import io.millrace.engine.queue.Conservation;
import io.millrace.engine.queue.MachineSnapshot;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints on disk: {@code checkpoint-ORDINAL}, the ordinal in eight hexadecimal digits. Written
 * to a temporary name, forced, renamed, and the directory forced, so a checkpoint that can be seen
 * is whole; the two newest are kept.
 *
 * <pre>
 *  file:     magic u64 "MILRCKPT" | sections ... | section "end"
 *  section:  name, 8 bytes ASCII padded with blanks | version u16 = 1 | length u32 | CRC32C of the content u32 | content
 *
 *  meta      ordinal u32, replay from u64, now u64, next queue number u32,
 *            u32 n, n x (name, deleted at u64), u32 n, n x (queue number u32, name)
 *  queue     number u32, name, attributes, applied below u64, machine, backlog          one section a queue
 *  end       u32 number of queue sections
 * </pre>
 *
 * <p>Big-endian. Threads: reading by whoever opens, writing and deleting by the background
 * executor.
 */
final class CheckpointFiles {

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointFiles.class);
  private static final long MAGIC = 0x4D494C52434B5054L;
  private static final int VERSION = 1;
  private static final String PREFIX = "checkpoint-";
  private static final int NAME_BYTES = 8;
  private static final String META = "meta    ";
  private static final String QUEUE = "queue   ";
  private static final String END = "end     ";

  private final Storage storage;
  private final Path directory;

  CheckpointFiles(Storage storage, Path directory) {
    this.storage = storage;
    this.directory = directory;
  }

  // ------------------------------------------------------------------------------------ reading

  /** The valid checkpoints, newest first; a damaged one is named in the log and removed. */
  List<CheckpointImage> readAll() throws IOException {
    List<CheckpointImage> images = new ArrayList<>();
    List<Path> files = storage.list(directory);
    for (int i = files.size() - 1; i >= 0; i--) {
      Path file = files.get(i);
      String name = String.valueOf(file.getFileName());
      if (!name.startsWith(PREFIX)) {
        continue;
      }
      if (name.endsWith(".tmp")) {
        storage.delete(file);
        continue;
      }
      try {
        images.add(read(file));
      } catch (IOException | IllegalArgumentException e) {
        LOG.warn("checkpoint {} is damaged and passed over: {}", name, e.getMessage());
        storage.delete(file);
      }
    }
    return images;
  }

  private CheckpointImage read(Path path) throws IOException {
    byte[] bytes;
    try (StorageFile file = storage.open(path)) {
      ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(file.bytes()));
      file.read(buffer, 0);
      bytes = buffer.array();
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    if (in.readLong() != MAGIC) {
      throw new IOException("no magic");
    }
    DataInputStream meta = section(in, META);
    int ordinal = meta.readInt();
    long replayFrom = meta.readLong();
    long nowMs = meta.readLong();
    int nextQueueNumber = meta.readInt();
    Map<QueueName, Long> deletions = new LinkedHashMap<>();
    for (int n = meta.readInt(); n > 0; n--) {
      deletions.put(new QueueName(meta.readUTF()), meta.readLong());
    }
    Map<Integer, QueueName> names = new LinkedHashMap<>();
    for (int n = meta.readInt(); n > 0; n--) {
      names.put(meta.readInt(), new QueueName(meta.readUTF()));
    }
    int queueCount = meta.readInt();
    List<CheckpointImage.Queue> queues = new ArrayList<>(queueCount);
    for (int i = 0; i < queueCount; i++) {
      queues.add(readQueue(section(in, QUEUE)));
    }
    if (section(in, END).readInt() != queueCount) {
      throw new IOException("wrong number of queues");
    }
    return new CheckpointImage(
        ordinal, replayFrom, nowMs, nextQueueNumber, deletions, names, queues);
  }

  private static DataInputStream section(DataInputStream in, String expected) throws IOException {
    byte[] name = in.readNBytes(NAME_BYTES);
    if (!new String(name, StandardCharsets.US_ASCII).equals(expected)) {
      throw new IOException("section '" + expected.trim() + "' is missing");
    }
    int version = in.readUnsignedShort();
    if (version != VERSION) {
      throw new IOException("section '" + expected.trim() + "' has version " + version);
    }
    int length = in.readInt();
    int expectedCrc = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("section '" + expected.trim() + "' is cut off");
    }
    byte[] content = in.readNBytes(length);
    if (crc(content, length) != expectedCrc) {
      throw new IOException("section '" + expected.trim() + "' fails its CRC");
    }
    return new DataInputStream(new ByteArrayInputStream(content));
  }

  private static CheckpointImage.Queue readQueue(DataInputStream in) throws IOException {
    int number = in.readInt();
    QueueName name = new QueueName(in.readUTF());
    EnumMap<QueueAttribute, String> values = new EnumMap<>(QueueAttribute.class);
    for (int n = in.readInt(); n > 0; n--) {
      String attribute = in.readUTF();
      byte[] value = in.readNBytes(in.readInt());
      values.put(
          QueueAttribute.named(attribute)
              .orElseThrow(() -> new IOException("unknown queue attribute " + attribute)),
          new String(value, StandardCharsets.UTF_8));
    }
    long appliedBelow = in.readLong();
    MachineSnapshot machine = readMachine(in);
    long firstRow = in.readLong();
    int[] blocks = readInts(in);
    int[] held = readInts(in);
    int[] origins = readInts(in);
    long[] live = readLongs(in);
    return new CheckpointImage.Queue(
        number,
        name,
        QueueAttributes.restored(values),
        appliedBelow,
        machine,
        new MappedBacklog.Table(firstRow, blocks, held, origins, live));
  }

  private static MachineSnapshot readMachine(DataInputStream in) throws IOException {
    long createdAtMs = in.readLong();
    long modifiedAtMs = in.readLong();
    long nowMs = in.readLong();
    long purgedAtMs = in.readLong();
    long nextNumber = in.readLong();
    long oldestNumber = in.readLong();
    boolean returnedTurn = in.readBoolean();
    MachineSnapshot.Ends fresh = readEnds(in);
    MachineSnapshot.Ends returned = readEnds(in);
    long delayedCount = in.readLong();
    MachineSnapshot.Lanes lanes = new MachineSnapshot.Lanes();
    for (int n = in.readInt(); n > 0; n--) {
      lanes.add(in.readInt(), in.readLong(), in.readLong());
    }
    int leasedCount = in.readInt();
    MachineSnapshot.Leased leased = new MachineSnapshot.Leased(leasedCount);
    for (int i = 0; i < leasedCount; i++) {
      leased.add(in.readLong(), in.readLong(), in.readLong());
    }
    Conservation conservation = Conservation.ofArray(readLongs(in));
    return new MachineSnapshot(
        createdAtMs,
        modifiedAtMs,
        nowMs,
        purgedAtMs,
        nextNumber,
        oldestNumber,
        returnedTurn,
        fresh,
        returned,
        delayedCount,
        lanes,
        leased,
        conservation);
  }

  private static MachineSnapshot.Ends readEnds(DataInputStream in) throws IOException {
    return new MachineSnapshot.Ends(in.readLong(), in.readLong(), in.readLong());
  }

  private static int[] readInts(DataInputStream in) throws IOException {
    int[] ints = new int[in.readInt()];
    ByteBuffer.wrap(in.readNBytes(ints.length * Integer.BYTES)).asIntBuffer().get(ints);
    return ints;
  }

  private static long[] readLongs(DataInputStream in) throws IOException {
    long[] longs = new long[in.readInt()];
    ByteBuffer.wrap(in.readNBytes(longs.length * Long.BYTES)).asLongBuffer().get(longs);
    return longs;
  }

  // ------------------------------------------------------------------------------------ writing

  /** Writes a checkpoint; it is there, whole and durable, when this returns. */
  void write(CheckpointImage image) throws IOException {
    Path temporary = directory.resolve(name(image.ordinal()) + ".tmp");
    storage.delete(temporary);
    try (StorageFile file = storage.create(temporary)) {
      long at = 0;
      at = put(file, at, ByteBuffer.allocate(Long.BYTES).putLong(MAGIC).flip());
      at = putSection(file, at, META, meta(image));
      for (CheckpointImage.Queue queue : image.queues()) {
        at = putSection(file, at, QUEUE, queue(queue));
      }
      ByteArrayOutputStream end = new ByteArrayOutputStream();
      new DataOutputStream(end).writeInt(image.queues().size());
      putSection(file, at, END, end);
      file.force();
    } catch (IOException e) {
      storage.delete(temporary);
      throw e;
    }
    storage.move(temporary, directory.resolve(name(image.ordinal())));
    storage.forceDirectory(directory);
  }

  /** Removes a checkpoint. */
  void delete(int ordinal) throws IOException {
    storage.delete(directory.resolve(name(ordinal)));
  }

  private static String name(int ordinal) {
    return PREFIX + String.format("%08x", ordinal);
  }

  private static ByteArrayOutputStream meta(CheckpointImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(image.ordinal());
    out.writeLong(image.replayFrom());
    out.writeLong(image.nowMs());
    out.writeInt(image.nextQueueNumber());
    out.writeInt(image.deletions().size());
    for (Map.Entry<QueueName, Long> deletion : image.deletions().entrySet()) {
      out.writeUTF(deletion.getKey().value());
      out.writeLong(deletion.getValue());
    }
    out.writeInt(image.namesOfDeleted().size());
    for (Map.Entry<Integer, QueueName> name : image.namesOfDeleted().entrySet()) {
      out.writeInt(name.getKey());
      out.writeUTF(name.getValue().value());
    }
    out.writeInt(image.queues().size());
    return bytes;
  }

  private static ByteArrayOutputStream queue(CheckpointImage.Queue queue) throws IOException {
    MappedBacklog.Table table = queue.backlog();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512 + 8 * table.blocks().length);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(queue.number());
    out.writeUTF(queue.name().value());
    Map<QueueAttribute, String> values = queue.attributes().values();
    out.writeInt(values.size());
    for (Map.Entry<QueueAttribute, String> entry : values.entrySet()) {
      out.writeUTF(entry.getKey().wireName());
      byte[] value = entry.getValue().getBytes(StandardCharsets.UTF_8);
      out.writeInt(value.length);
      out.write(value);
    }
    out.writeLong(queue.appliedBelow());
    putMachine(out, queue.machine());
    out.writeLong(table.firstRow());
    putInts(out, table.blocks());
    putInts(out, table.held());
    putInts(out, table.origins());
    putLongs(out, table.live());
    return bytes;
  }

  private static void putMachine(DataOutputStream out, MachineSnapshot machine) throws IOException {
    out.writeLong(machine.createdAtMs());
    out.writeLong(machine.modifiedAtMs());
    out.writeLong(machine.nowMs());
    out.writeLong(machine.purgedAtMs());
    out.writeLong(machine.nextNumber());
    out.writeLong(machine.oldestNumber());
    out.writeBoolean(machine.returnedTurn());
    putEnds(out, machine.fresh());
    putEnds(out, machine.returned());
    out.writeLong(machine.delayedCount());
    out.writeInt(machine.lanes().count());
    ByteBuffer lanes = ByteBuffer.allocate(machine.lanes().count() * 20);
    machine
        .lanes()
        .forEach((seconds, head, tail) -> lanes.putInt(seconds).putLong(head).putLong(tail));
    out.write(lanes.array());
    out.writeInt(machine.leased().count());
    ByteBuffer leased = ByteBuffer.allocate(machine.leased().count() * 24);
    machine
        .leased()
        .forEach((number, taken, ends) -> leased.putLong(number).putLong(taken).putLong(ends));
    out.write(leased.array());
    putLongs(out, machine.conservation().toArray());
  }

  private static void putEnds(DataOutputStream out, MachineSnapshot.Ends ends) throws IOException {
    out.writeLong(ends.head());
    out.writeLong(ends.tail());
    out.writeLong(ends.count());
  }

  private static void putInts(DataOutputStream out, int[] ints) throws IOException {
    out.writeInt(ints.length);
    ByteBuffer bytes = ByteBuffer.allocate(ints.length * Integer.BYTES);
    bytes.asIntBuffer().put(ints);
    out.write(bytes.array());
  }

  private static void putLongs(DataOutputStream out, long[] longs) throws IOException {
    out.writeInt(longs.length);
    ByteBuffer bytes = ByteBuffer.allocate(longs.length * Long.BYTES);
    bytes.asLongBuffer().put(longs);
    out.write(bytes.array());
  }

  private static long putSection(
      StorageFile file, long at, String name, ByteArrayOutputStream content) throws IOException {
    byte[] bytes = content.toByteArray();
    ByteBuffer head = ByteBuffer.allocate(NAME_BYTES + Short.BYTES + 2 * Integer.BYTES);
    head.put(name.getBytes(StandardCharsets.US_ASCII))
        .putShort((short) VERSION)
        .putInt(bytes.length)
        .putInt(crc(bytes, bytes.length));
    return put(file, put(file, at, head.flip()), ByteBuffer.wrap(bytes));
  }

  private static long put(StorageFile file, long at, ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    file.write(bytes, at);
    return at + length;
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
