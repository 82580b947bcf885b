package io.millrace.reports;

import io.millrace.reports.page.PublishedPage;
import io.millrace.reports.record.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder of published runs: a bundle each, and an index of them.
 *
 * <p>A bundle is what a reader needs to recompute a page, and no more: the page, the manifest, and
 * the files that the manifest names. It is verified before it is copied and after, so what is
 * published is what was measured.
 *
 * @param folder where the bundles and the index are
 */
record Publication(Path folder) {
  /** A repository keeps every bundle for ever, so one has to be small. */
  static final long BUNDLE_BYTES_MAX = 5_000_000;

  private static final String INDEX = "index.html";

  /** A run that is not published, and why. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Publishes a run and lists it.
   *
   * @param name the bundle's folder; letters, digits, dots and dashes
   * @return the copy's folder
   * @throws RefusedException if it is too large, does not verify, or the name is taken
   * @throws IOException if a file cannot be read or written; no half bundle is left
   */
  Path publish(Bundle run, String name) throws IOException, RefusedException {
    requireVerified(run);
    List<Path> files = files(run);
    requireSmall(run, files);
    Path target = folder.resolve(name);
    if (Files.exists(target)) {
      throw new RefusedException(target + " is there already; --name gives another");
    }
    Files.createDirectories(folder);
    Path unfinished = Files.createTempDirectory(folder, ".unfinished");
    try {
      for (Path file : files) {
        Path copy = unfinished.resolve(run.path().relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
      requireVerified(bundle(unfinished).orElseThrow());
      Files.createDirectories(target);
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(unfinished);
    }
    index();
    return target;
  }

  /** Makes the index again from the bundles that are there. */
  void index() throws IOException {
    List<PublishedPage.Published> runs = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        Optional<Bundle> bundle = Files.isDirectory(entry) ? bundle(entry) : Optional.empty();
        if (bundle.isPresent()) {
          runs.add(bundle.get().listed(String.valueOf(entry.getFileName())));
        }
      }
    }
    Files.writeString(folder.resolve(INDEX), new PublishedPage(runs).render());
  }

  /**
   * Publishes a record that has no page yet, as a harness leaves it or an experiment's verdict
   * alone: a page is made of it in the bundle.
   *
   * @param record the file
   * @param name the bundle's folder; empty for its default
   * @return the copy's folder
   * @throws RefusedException as {@link #publish}; also if the file is no such record
   */
  Path publishRecord(Path record, Optional<String> name) throws IOException, RefusedException {
    Path alone = Files.createTempDirectory("millrace-record");
    try {
      Files.copy(record, alone.resolve(String.valueOf(record.getFileName())));
      Bundle bundle =
          bundle(alone)
              .orElseThrow(
                  () -> new RefusedException(record + " is no record that a page is made of"));
      bundle.finish();
      return publish(bundle, name.isPresent() ? name.get() : bundle.defaultName());
    } finally {
      delete(alone);
    }
  }

  /** What a directory holds: a run, a load run, a fault experiment, a harness's record, or none. */
  static Optional<Bundle> bundle(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    RunDirectory run = new RunDirectory(directory);
    if (Files.isRegularFile(run.recordFile())) {
      return Optional.of(run);
    }
    LoadDirectory load = new LoadDirectory(directory);
    if (load.recordFile().isPresent()) {
      return Optional.of(load);
    }
    ChaosDirectory chaos = new ChaosDirectory(directory);
    if (chaos.recordFile().isPresent()) {
      return Optional.of(chaos);
    }
    HarnessDirectory harness = new HarnessDirectory(directory);
    return harness.recordFiles().isEmpty() ? Optional.empty() : Optional.of(harness);
  }

  private static List<Path> files(Bundle run) throws IOException {
    Set<Path> files = new LinkedHashSet<>(List.of(run.pageFile(), run.manifestFile()));
    Manifest.read(run.manifestFile())
        .hashes()
        .keySet()
        .forEach(name -> files.add(run.path().resolve(name)));
    for (Bundle part : run.parts()) {
      files.addAll(files(part));
    }
    return List.copyOf(files);
  }

  private static void requireVerified(Bundle run) throws IOException, RefusedException {
    Verification verification = Verification.of(run);
    if (!verification.holds()) {
      throw new RefusedException(
          run.path()
              + " does not verify: "
              + String.join("; ", verification.differences().subList(0, 1))
              + (verification.differences().size() > 1
                  ? ", and "
                      + Figures.count(verification.differences().size() - 1)
                      + " more that report verify names"
                  : ""));
    }
  }

  private static void requireSmall(Bundle run, List<Path> files)
      throws IOException, RefusedException {
    long bytes = 0;
    Path largest = run.pageFile();
    for (Path file : files) {
      bytes += Files.size(file);
      largest = Files.size(file) > Files.size(largest) ? file : largest;
    }
    if (bytes > BUNDLE_BYTES_MAX) {
      throw new RefusedException(
          run.path()
              + " is too large to publish: "
              + Figures.count(bytes)
              + " bytes where "
              + Figures.count(BUNDLE_BYTES_MAX)
              + " are the most; its largest file is "
              + largest.getFileName()
              + " of "
              + Figures.count(Files.size(largest)));
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
