package io.millrace.chaos.disk;

import io.millrace.chaos.disk.NameTree.Change;
import io.millrace.chaos.disk.NameTree.DirectoryNode;
import io.millrace.chaos.disk.NameTree.FileNode;
import io.millrace.chaos.disk.NameTree.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Draws one of the disks that a power cut may leave, from a {@link Capture}, and writes it as
 * files.
 *
 * <p>Names and lengths are drawn apart from pages, since nothing ties them to each other. Used
 * once.
 */
final class CrashImage {

  private static final int SECTOR_BYTES = 512;
  private static final int TORN_PAGES_MAX = 2;

  /**
   * What a drawn image is like.
   *
   * @param pagesPending pages that could have been other than durable
   * @param pagesLost those that are not the newest
   * @param pagesTorn those that are a mix
   * @param namesLost changes of names that did not survive
   */
  record Drawn(int pagesPending, int pagesLost, int pagesTorn, int namesLost) {}

  private final Capture capture;
  private final PageStrategy strategy;
  private final CrashProfile profile;
  private final SplittableRandom random;

  /** How likely a single page survives in its newest or in any newer version. */
  private final double keeps;

  private int pagesTorn;

  private CrashImage(
      Capture capture, PageStrategy strategy, CrashProfile profile, SplittableRandom random) {
    this.capture = capture;
    this.strategy = strategy;
    this.profile = profile;
    this.random = random;
    this.keeps = random.nextDouble();
  }

  /**
   * Draws an image and writes it.
   *
   * @param into an existing, empty directory
   */
  static Drawn write(
      Capture capture,
      PageStrategy strategy,
      CrashProfile profile,
      SplittableRandom random,
      Path into)
      throws IOException {
    return new CrashImage(capture, strategy, profile, random).write(into);
  }

  private Drawn write(Path into) throws IOException {
    Set<Change> survivors = survivingNames();
    Map<DirectoryNode, Map<String, Node>> entries = new HashMap<>();
    capture.durable().forEach((node, durable) -> entries.put(node, new TreeMap<>(durable)));
    for (Change change : capture.pending()) {
      if (survivors.contains(change)) {
        change.apply(entries.computeIfAbsent(change.directory(), made -> new TreeMap<>()));
      }
    }
    List<FileImage> files = new ArrayList<>();
    layOut(capture.root(), into, entries, files);
    List<FileImage> pending = files.stream().filter(file -> !file.pending.isEmpty()).toList();
    pending.forEach(this::draw);
    if (!pending.isEmpty()) {
      drawTheOnePage(pending);
      if (strategy == PageStrategy.TORN_SECTORS) {
        tear(pending);
      }
    }
    for (FileImage file : files) {
      file.write(lengthOf(file.state));
    }
    return new Drawn(
        pending.stream().mapToInt(file -> file.pending.size()).sum(),
        pending.stream().mapToInt(FileImage::pagesLost).sum(),
        pagesTorn,
        capture.pending().size() - survivors.size());
  }

  // --------------------------------------------------------------------------------------- names

  private Set<Change> survivingNames() {
    List<Change> pending = capture.pending();
    boolean all = strategy == PageStrategy.ALL_NEW || strategy == PageStrategy.ONE_PAGE_LOST;
    boolean none = strategy == PageStrategy.ALL_LOST;
    if (!all && !none) {
      int draw = random.nextInt(4);
      all = draw == 0;
      none = draw == 1;
    }
    if (all || none) {
      return new HashSet<>(all ? pending : List.of());
    }
    if (profile == CrashProfile.EXT4) {
      return new HashSet<>(pending.subList(0, random.nextInt(pending.size() + 1)));
    }
    double likely = random.nextDouble();
    return new HashSet<>(pending.stream().filter(change -> random.nextDouble() < likely).toList());
  }

  /** Makes the directories and tells where each file stands. */
  private void layOut(
      DirectoryNode directory,
      Path into,
      Map<DirectoryNode, Map<String, Node>> entries,
      List<FileImage> files)
      throws IOException {
    for (Map.Entry<String, Node> entry : entries.getOrDefault(directory, Map.of()).entrySet()) {
      Path path = into.resolve(entry.getKey());
      if (entry.getValue() instanceof DirectoryNode below) {
        Files.createDirectory(path);
        layOut(below, path, entries, files);
      } else if (entry.getValue() instanceof FileNode file) {
        files.add(new FileImage(path, capture.stateOf(file)));
      }
    }
  }

  // --------------------------------------------------------------------------------------- pages

  /** A file on its way to the image. */
  private static final class FileImage {
    private final Path path;
    private final TrackedFile.State state;
    private final byte[][] pages;

    /** The pages that may be other than durable, in their order. */
    private final List<Integer> pending = new ArrayList<>();

    FileImage(Path path, TrackedFile.State state) {
      this.path = path;
      this.state = state;
      this.pages = state.durable().clone();
      for (int page = 0; page < pages.length; page++) {
        if (state.isPending(page)) {
          pending.add(page);
        }
      }
    }

    int anyPending(SplittableRandom random) {
      return pending.get(random.nextInt(pending.size()));
    }

    int pagesLost() {
      return (int) pending.stream().filter(page -> pages[page] != state.newest(page)).count();
    }

    void write(long length) throws IOException {
      try (FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (int page = 0; page < pages.length; page++) {
          long at = (long) page * TrackedFile.PAGE_BYTES;
          int bytes = (int) Math.min(TrackedFile.PAGE_BYTES, length - at);
          if (bytes > 0 && pages[page] != TrackedFile.ZEROS) {
            channel.write(ByteBuffer.wrap(pages[page], 0, bytes), at);
          }
        }
        if (channel.size() < length) {
          channel.write(ByteBuffer.allocate(1), length - 1);
        }
      }
    }
  }

  private void draw(FileImage file) {
    int kept = random.nextInt(file.pending.size() + 1);
    for (int i = 0; i < file.pending.size(); i++) {
      int page = file.pending.get(i);
      boolean survives =
          switch (strategy) {
            case ALL_LOST, ONE_PAGE_KEPT -> false;
            case ALL_NEW, ONE_PAGE_LOST -> true;
            case ASCENDING -> i < kept;
            case DESCENDING -> i >= file.pending.size() - kept;
            case UNIFORM, TORN_SECTORS -> random.nextDouble() < keeps;
          };
      if (survives) {
        boolean free = strategy == PageStrategy.UNIFORM || strategy == PageStrategy.TORN_SECTORS;
        file.pages[page] = free ? anyVersion(file.state, page) : file.state.newest(page);
      }
    }
  }

  /** The newest half of the time: what is torn there was never whole elsewhere. */
  private byte[] anyVersion(TrackedFile.State state, int page) {
    byte[][] since = state.since()[page];
    return random.nextBoolean() ? state.newest(page) : since[random.nextInt(since.length)];
  }

  private void drawTheOnePage(List<FileImage> pending) {
    if (strategy != PageStrategy.ONE_PAGE_LOST && strategy != PageStrategy.ONE_PAGE_KEPT) {
      return;
    }
    FileImage file = pending.get(random.nextInt(pending.size()));
    int page = random.nextBoolean() ? file.pending.get(0) : file.anyPending(random);
    file.pages[page] =
        strategy == PageStrategy.ONE_PAGE_KEPT
            ? file.state.newest(page)
            : file.state.durable()[page];
  }

  /** Pages under way when the power went, in files whose force was under way if there are any. */
  private void tear(List<FileImage> pending) {
    List<FileImage> inFlight = pending.stream().filter(file -> file.state.forceInFlight()).toList();
    List<FileImage> among = inFlight.isEmpty() ? pending : inFlight;
    for (int torn = 0; torn < TORN_PAGES_MAX; torn++) {
      FileImage file = among.get(random.nextInt(among.size()));
      int page = file.anyPending(random);
      byte[] mix = file.state.durable()[page].clone();
      for (int sector = 0; sector < TrackedFile.PAGE_BYTES; sector += SECTOR_BYTES) {
        if (random.nextBoolean()) {
          System.arraycopy(file.state.newest(page), sector, mix, sector, SECTOR_BYTES);
        }
      }
      file.pages[page] = mix;
      pagesTorn++;
    }
  }

  // ------------------------------------------------------------------------------------- lengths

  /** Between the durable length and the present one. */
  private long lengthOf(TrackedFile.State state) {
    long durable = state.durableBytes();
    long now = state.bytes();
    if (strategy == PageStrategy.ALL_LOST) {
      return durable;
    }
    if (strategy == PageStrategy.ALL_NEW || strategy == PageStrategy.ONE_PAGE_LOST) {
      return now;
    }
    long low = Math.min(durable, now);
    long high = Math.max(durable, now);
    int draw = random.nextInt(4);
    if (draw == 0) {
      return durable;
    }
    if (draw > 1 || high == low || now < durable) {
      return now;
    }
    long written = (long) state.durable().length * TrackedFile.PAGE_BYTES;
    long bound = Math.max(low + 1, Math.min(high, written));
    return random.nextLong(low, bound + 1);
  }
}
