package io.millrace.chaos.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs plans one after another, each in a fresh directory under the system's temporary one, and
 * shrinks those that fail. Removes its directory when it is closed.
 *
 * <p>Not safe for use by several threads.
 */
public final class Campaign implements AutoCloseable {

  /** How often a failing plan is run again, smaller, at most. */
  private static final int SHRINK_TRIES_MAX = 3_000;

  private final Supplier<SimWorld> worlds;
  private final Path root;

  private Campaign(Supplier<SimWorld> worlds, Path root) {
    this.worlds = worlds;
    this.root = root;
  }

  /**
   * Opens a campaign.
   *
   * @param worlds asked for one world a run
   */
  public static Campaign open(Supplier<SimWorld> worlds) throws IOException {
    return new Campaign(worlds, Files.createTempDirectory("millrace-sim-"));
  }

  /** Runs the whole plan of a seed. */
  public SimRun run(long seed) {
    return run(Plan.of(seed));
  }

  /**
   * Runs some of the steps of a seed's plan.
   *
   * @throws IllegalArgumentException if the plan has no such step
   */
  public SimRun run(long seed, List<Integer> steps) {
    return run(Plan.of(seed).keeping(steps));
  }

  private SimRun run(Plan plan) {
    try {
      Path directory = Files.createTempDirectory(root, "run-");
      try {
        return Simulation.run(plan, worlds.get(), directory);
      } finally {
        deleteAll(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the simulation's directory " + root, e);
    }
  }

  /**
   * The smallest schedule that was found to show the first of a failing run's {@link
   * SimRun#failures} still.
   */
  public SimRun shrink(SimRun failing) {
    SortedSet<String> failures = failing.failures();
    String wanted = failures.first();
    Plan plan = failing.plan();
    Shrinker shrinker =
        new Shrinker(kept -> run(plan.keeping(kept)).failures().contains(wanted), SHRINK_TRIES_MAX);
    return run(plan.keeping(shrinker.shrink(plan.indices())));
  }

  @Override
  public void close() throws IOException {
    deleteAll(root);
  }

  private static void deleteAll(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
