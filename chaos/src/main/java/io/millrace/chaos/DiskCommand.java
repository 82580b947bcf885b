package io.millrace.chaos;

import io.millrace.chaos.disk.CrashProfile;
import io.millrace.chaos.disk.DiskReport;
import io.millrace.chaos.disk.FaultResult;
import io.millrace.chaos.disk.FaultTrial;
import io.millrace.chaos.disk.ImageFailure;
import io.millrace.chaos.disk.PowerLossPlan;
import io.millrace.chaos.disk.PowerLossResult;
import io.millrace.chaos.disk.PowerLossTrial;
import io.millrace.chaos.disk.TrialSink;
import io.millrace.chaos.history.FaultKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace chaos disk}: power cuts, page by page, and other trouble with disks. */
@Command(
    name = "disk",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Cuts the power of engines under traffic, draws disks from what was forced and what was not,"
          + " opens an engine on each, drains it and judges the whole history.",
      "Then tries disks that fail, lie, are slow, are full, flip bits or lose the end of a file.",
      "Exit status: 0 VALID, 1 INVALID, 2 wrong use, 3 UNKNOWN."
    })
final class DiskCommand implements Callable<Integer> {

  private static final int INVALID = 1;
  private static final int UNKNOWN = 3;
  private static final int IMAGES = 50;
  private static final int IMAGES_MAX = 1_000_000;
  private static final int IMAGES_TO_A_LINE = 25;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "of traffic, cuts and pages (default: a new one)")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--images",
      paramLabel = "N",
      description = "disks to draw and open (default: " + IMAGES + ")")
  private int images = IMAGES;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "what the file system promises: ${COMPLETION-CANDIDATES} (default: posix)",
      completionCandidates = Profiles.class)
  private String profile = CrashProfile.POSIX.label();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "for the evidence of failures (default: chaos-evidence)")
  private Path out = Path.of("chaos-evidence");

  @Option(
      names = "--faults",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "the disks that go wrong without a power cut, too (default); --no-faults: not")
  private boolean faults = true;

  DiskCommand() {}

  /** What may be said after {@code --profile}. */
  static final class Profiles implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(CrashProfile.values()).map(CrashProfile::label).iterator();
    }
  }

  @Override
  public Integer call() {
    PrintWriter console = spec.commandLine().getOut();
    // Engines that recover from what the lab did to them have much to say, and it says it better.
    System.setProperty("org.slf4j.simpleLogger.log.io.millrace.engine", "off");
    if (images < 1 || images > IMAGES_MAX) {
      throw new ParameterException(spec.commandLine(), "--images: 1 to " + IMAGES_MAX);
    }
    PowerLossPlan plan =
        new PowerLossPlan(
            seed.orElseGet(() -> (long) new SecureRandom().nextInt(Integer.MAX_VALUE)),
            images,
            profile(),
            out);
    console.println("seed " + plan.seed());
    console.flush();
    try {
      PowerLossResult result = PowerLossTrial.run(plan, new Progress(console));
      DiskReport.lines(result).forEach(console::println);
      console.flush();
      return worse(statusOf(result), faults ? faults(plan.seed(), console) : 0);
    } catch (IOException e) {
      spec.commandLine().getErr().println("millrace: " + e);
      return UNKNOWN;
    }
  }

  private static int statusOf(PowerLossResult result) {
    if (!result.failures().isEmpty()) {
      return INVALID;
    }
    return result.isValid() ? 0 : UNKNOWN;
  }

  /** INVALID beats UNKNOWN beats VALID. */
  private static int worse(int one, int two) {
    return one == INVALID || two == INVALID ? INVALID : Math.max(one, two);
  }

  private static int faults(long seed, PrintWriter console) throws IOException {
    int status = 0;
    for (FaultKind kind : FaultTrial.kinds()) {
      FaultResult result = FaultTrial.run(kind, seed);
      console.println(DiskReport.line(result));
      console.flush();
      status =
          worse(
              status,
              switch (result.ending()) {
                case VALID, SKIPPED -> 0;
                case INVALID -> INVALID;
                case UNKNOWN -> UNKNOWN;
              });
    }
    return status;
  }

  private CrashProfile profile() {
    for (CrashProfile each : CrashProfile.values()) {
      if (each.label().equals(profile)) {
        return each;
      }
    }
    throw new ParameterException(spec.commandLine(), "there is no profile " + profile);
  }

  /** A line now and then, and one for each failure. */
  private record Progress(PrintWriter console) implements TrialSink {

    @Override
    public void judged(int done, int planned) {
      if (done % IMAGES_TO_A_LINE == 0 || done == planned) {
        console.printf("%d of %d images%n", done, planned);
        console.flush();
      }
    }

    @Override
    public void failed(ImageFailure failure) {
      console.println(DiskReport.line(failure));
      console.flush();
    }
  }
}
