package io.millrace.engine;

import io.millrace.engine.journal.JournalException;
import io.millrace.engine.shard.Durability;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.telemetry.BuildInfo;
import io.millrace.engine.telemetry.Telemetry;
import io.millrace.engine.wire.WireConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * {@code millrace serve}: a server until it is told to stop.
 *
 * <p>Prints one line when it answers and one when it has stopped. Exit codes: 0 stopped by SIGTERM
 * or Ctrl-C with everything acknowledged on the disk, 1 could not start or not stop cleanly, 2
 * wrong use.
 */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Serves durable queues to any AWS SDK, until it is told to stop.")
public class ServerMain implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(ServerMain.class);
  private static final int COULD_NOT_START = 1;
  private static final int COULD_NOT_STOP = 1;
  private static final int WRONG_USE = 2;

  /** What the user types. */
  private static final String NAME = "millrace serve";

  private static final long SEGMENT_BYTES_MIN = 64L << 10;
  private static final long SEGMENT_BYTES_MAX = 1L << 30;

  /** What the JDK's IOException says of ENOSPC, without a path. */
  private static final String NO_SPACE = "No space left on device";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9324",
      description = "port of the SQS endpoint, 0 for a free one (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      defaultValue = "9325",
      description = "port of /health and /metrics, 0 for a free one (default: ${DEFAULT-VALUE})")
  private int adminPort;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "address to listen on (default: ${DEFAULT-VALUE}); any but loopback needs --insecure")
  private String bind = "";

  @Option(
      names = "--insecure",
      description = "allow another bind address: whoever reaches it can read and delete everything")
  private boolean insecure;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "./data",
      description = "data directory, made if it is missing (default: ${DEFAULT-VALUE})")
  private Path data = Path.of("");

  @Option(
      names = "--durability",
      paramLabel = "LEVEL",
      defaultValue = "power-loss",
      description =
          "what an acknowledged change survives: power-loss or process-crash (default:"
              + " ${DEFAULT-VALUE})")
  private String durability = "";

  @Option(
      names = "--limits",
      paramLabel = "SIZES",
      defaultValue = "current",
      description =
          "largest message and batch: current (1,048,576 bytes) or classic (262,144) (default:"
              + " ${DEFAULT-VALUE})")
  private String limits = "";

  @Option(
      names = "--account",
      paramLabel = "ID",
      defaultValue = Caller.DEFAULT_ACCOUNT,
      description = "account in queue URLs and ARNs (default: ${DEFAULT-VALUE})")
  private String account = "";

  @Option(
      names = "--region",
      paramLabel = "NAME",
      defaultValue = EngineConfig.DEFAULT_REGION,
      description = "region in ARNs (default: ${DEFAULT-VALUE})")
  private String region = "";

  @Option(
      names = "--access-log",
      paramLabel = "FILE",
      description = "append a line of JSON for each request to FILE (default: none)")
  private Optional<Path> accessLog = Optional.empty();

  @Option(
      names = "--queues-shown",
      paramLabel = "N",
      defaultValue = "" + Telemetry.QUEUES_SHOWN_DEFAULT,
      description =
          "queues with metrics of their own at /metrics/per-queue, the rest is queue=\"_other\""
              + " (default: ${DEFAULT-VALUE})")
  private int queuesShown;

  /** Small segments roll often: for whoever wants to see a server die while it does. */
  @Option(
      names = "--segment-bytes",
      hidden = true,
      description = "size of a journal segment, 64 KiB to 1 GiB")
  private Optional<Long> segmentBytes = Optional.empty();

  /** As {@link #segmentBytes}, for checkpoints. */
  @Option(
      names = "--checkpoint-bytes",
      hidden = true,
      description = "journal bytes between two checkpoints")
  private Optional<Long> checkpointBytes = Optional.empty();

  /** For the parser; and for a verb that serves the same with more around it. */
  protected ServerMain() {}

  /** Runs the verb; arguments may start with {@code serve}. */
  public static void main(String[] args) {
    run(new ServerMain(), args);
  }

  /**
   * Runs a verb that serves, and ends the JVM unless its status is 0.
   *
   * @param args may start with {@code serve}
   */
  protected static void run(ServerMain verb, String[] args) {
    String[] options =
        args.length > 0 && args[0].equals("serve")
            ? Arrays.copyOfRange(args, 1, args.length)
            : args;
    CommandLine command = new CommandLine(verb);
    command.setCommandName(NAME);
    command.setParameterExceptionHandler((wrong, arguments) -> tell(wrong));
    BuildInfo build = BuildInfo.ofBuild();
    command.getCommandSpec().version("millrace " + build.version() + " (" + build.revision() + ")");
    int code = command.execute(options);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Wrong use is two lines: what is wrong, and where help is. */
  private static int tell(ParameterException wrong) {
    PrintWriter err = wrong.getCommandLine().getErr();
    String why =
        wrong instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
            ? "'" + unmatched.getUnmatched().get(0) + "' is one word too many"
            : String.valueOf(wrong.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
    err.println(NAME + ": " + why);
    err.println(NAME + " --help tells what it takes");
    err.flush();
    return WRONG_USE;
  }

  @Override
  public Integer call() {
    ServerConfig config = config();
    PrintWriter out = spec.commandLine().getOut();
    Serving server;
    try {
      server = open(config);
    } catch (IOException | IllegalStateException | UncheckedIOException | JournalException e) {
      LOG.debug("could not start", e);
      spec.commandLine().getErr().println("millrace: " + oneLine(e));
      return COULD_NOT_START;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, out), "millrace-shutdown"));
    if (insecure) {
      out.println(
          "millrace: warning: listening on " + bind + " without encryption or authentication");
    }
    out.println(
        "millrace ready: http://"
            + at(server.address())
            + " admin http://"
            + at(server.adminAddress()));
    out.flush();
    return awaitSignal();
  }

  /**
   * Opens what the options describe.
   *
   * @throws IOException if it cannot be opened; the message is one line
   */
  protected Serving open(ServerConfig config) throws IOException {
    return Server.open(config);
  }

  private ServerConfig config() {
    InetAddress address;
    try {
      address = InetAddress.getByName(bind);
    } catch (UnknownHostException e) {
      throw wrongUse("--bind: no such address: " + bind);
    }
    if (!address.isLoopbackAddress() && !insecure) {
      throw wrongUse(
          "--bind "
              + bind
              + " would let others in: there is no authentication yet. Add --insecure if that is"
              + " meant.");
    }
    if (!Caller.isAccount(account)) {
      throw wrongUse("--account: twelve digits, not '" + account + "'");
    }
    if (port < 0 || port > 65_535 || adminPort < 0 || adminPort > 65_535) {
      throw wrongUse("--port and --admin-port: 0 to 65535");
    }
    if (queuesShown < 0 || queuesShown > ServerConfig.QUEUES_SHOWN_MAX) {
      throw wrongUse("--queues-shown: 0 to " + ServerConfig.QUEUES_SHOWN_MAX);
    }
    if (segmentBytes.orElse(SEGMENT_BYTES_MIN) < SEGMENT_BYTES_MIN
        || segmentBytes.orElse(SEGMENT_BYTES_MIN) > SEGMENT_BYTES_MAX
        || checkpointBytes.orElse(1L) < 1) {
      throw wrongUse(
          "--segment-bytes: %d to %d; --checkpoint-bytes: 1 or more"
              .formatted(SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX));
    }
    EngineConfig defaults = EngineConfig.at(data);
    EngineConfig engine =
        defaults
            .withDurability(level())
            .withLimits(chosenLimits())
            .withIdentity(account, region)
            .withJournal(
                segmentBytes.orElse(defaults.segmentBytes()),
                checkpointBytes.orElse(defaults.checkpointBytes()));
    return ServerConfig.of(
            engine, WireConfig.DEFAULT.at(bind, port), new InetSocketAddress(address, adminPort))
        .withAccessLog(accessLog)
        .withQueuesShown(queuesShown);
  }

  private Durability level() {
    try {
      return Durability.labelled(durability);
    } catch (IllegalArgumentException e) {
      throw wrongUse("--durability: " + e.getMessage());
    }
  }

  private Limits chosenLimits() {
    return switch (limits) {
      case "current" -> Limits.CURRENT;
      case "classic" -> Limits.CLASSIC;
      default -> throw wrongUse("--limits: '" + limits + "' is neither current nor classic");
    };
  }

  private ParameterException wrongUse(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  private String oneLine(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof UncheckedIOException || isOnlyAStep(cause))
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    }
    if (cause instanceof FileAlreadyExistsException taken) {
      return "the data directory cannot be made: " + taken.getFile() + " is a file";
    }
    if (cause instanceof FileSystemException file) {
      String reason = file.getReason();
      return "the data directory "
          + data
          + " cannot be used: "
          + file.getFile()
          + ": "
          + (reason == null ? words(cause) : reason);
    }
    String message = cause.getMessage();
    if (message == null) {
      return cause.toString();
    }
    if (message.equals(NO_SPACE)) {
      return "no space left for the data directory " + data;
    }
    Throwable deeper = cause.getCause();
    if (deeper instanceof NoSuchFileException || deeper instanceof AccessDeniedException) {
      return message + ": " + words(deeper);
    }
    String why = deeper == null ? null : deeper.getMessage();
    return (why == null || message.contains(why) ? message : message + ": " + why)
        .replace('\n', ' ');
  }

  /** The reason in words, for an exception that has it in its name only. */
  private static String words(Throwable cause) {
    if (cause instanceof NoSuchFileException) {
      return "it is not there and cannot be made";
    }
    return cause instanceof AccessDeniedException
        ? "no permission"
        : cause.getClass().getSimpleName();
  }

  private static boolean isOnlyAStep(Throwable cause) {
    return cause instanceof JournalException && cause.getCause() instanceof IOException;
  }

  /** The address as it was asked for: what a socket says of 0.0.0.0 is an IPv6 address. */
  private String at(InetSocketAddress address) {
    boolean bareIpv6 = bind.contains(":") && !bind.startsWith("[");
    return (bareIpv6 ? "[" + bind + "]" : bind) + ":" + address.getPort();
  }

  /**
   * Runs as the JVM goes down. It ends the process itself: a JVM that a signal stopped would report
   * the signal however well everything went.
   */
  private static void stop(Serving server, PrintWriter out) {
    int status = 0;
    try {
      server.close();
      out.println("millrace stopped");
    } catch (IOException | RuntimeException e) {
      LOG.error("the server did not stop cleanly", e);
      status = COULD_NOT_STOP;
    }
    out.flush();
    Runtime.getRuntime().halt(status);
  }

  /** Never returns: the shutdown hook ends the process. */
  private static Integer awaitSignal() {
    CountDownLatch never = new CountDownLatch(1);
    while (true) {
      try {
        never.await();
      } catch (InterruptedException e) {
        LOG.debug("interrupted while serving; going on");
      }
    }
  }
}
