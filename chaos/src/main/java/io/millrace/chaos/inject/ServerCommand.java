package io.millrace.chaos.inject;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a Millrace server is started: this JVM's own Java and class path, the JVM flags the engine
 * names, and the server's arguments.
 *
 * @param wrapper a command that runs the rest of the line, or nothing; the server is then its last
 *     descendant
 * @param java the {@code java} program
 * @param jvmFlags flags before the class path
 * @param classPath the class path
 * @param mainClass the server's main class
 * @param arguments arguments but the two ports
 */
public record ServerCommand(
    List<String> wrapper,
    Path java,
    List<String> jvmFlags,
    String classPath,
    String mainClass,
    List<String> arguments) {

  private static final String SERVER = "io.millrace.engine.ServerMain";
  private static final String FLAGS = "/io/millrace/engine/jvm.flags";
  private static final String FLAGS_24 = "/io/millrace/engine/jvm-24.flags";
  private static final int JAVA_24 = 24;

  /**
   * A process table of its own, which ends with the wrapper. In it the shell is process 1 and
   * whatever it starts first process 2; it stays to tell the status of a killed one, which unshare
   * does not.
   */
  private static final List<String> OWN_PROCESS_IDS =
      List.of(
          "unshare",
          "--pid",
          "--fork",
          "--mount-proc",
          "--kill-child=SIGKILL",
          "sh",
          "-c",
          "\"$@\"; exit $?",
          "sh");

  /** Copies the lists. */
  public ServerCommand {
    wrapper = List.copyOf(wrapper);
    jvmFlags = List.copyOf(jvmFlags);
    arguments = List.copyOf(arguments);
  }

  /** A command without a wrapper. */
  public ServerCommand(
      Path java,
      List<String> jvmFlags,
      String classPath,
      String mainClass,
      List<String> arguments) {
    this(List.of(), java, jvmFlags, classPath, mainClass, arguments);
  }

  /** The same server, with another main class, further JVM flags and further arguments. */
  public ServerCommand with(
      String newMainClass, List<String> moreJvmFlags, List<String> moreArguments) {
    List<String> flags = new ArrayList<>(jvmFlags);
    flags.addAll(moreJvmFlags);
    List<String> all = new ArrayList<>(arguments);
    all.addAll(moreArguments);
    return new ServerCommand(wrapper, java, flags, classPath, newMainClass, all);
  }

  /**
   * The same server in a process table of its own, in which every start of it has the same process
   * id. It takes root, and util-linux.
   */
  public ServerCommand underOwnProcessIds() {
    return new ServerCommand(OWN_PROCESS_IDS, java, jvmFlags, classPath, mainClass, arguments);
  }

  /**
   * The command that serves a data directory with this JVM's own Java and class path.
   *
   * @param data the data directory
   * @param durability {@code power-loss} or {@code process-crash}
   * @param moreJvmFlags further JVM flags, as one line; the user's {@code MILLRACE_JAVA_OPTS}
   */
  public static ServerCommand serve(Path data, String durability, String moreJvmFlags) {
    List<String> flags = new ArrayList<>(flagsIn(FLAGS));
    if (Runtime.version().feature() >= JAVA_24) {
      flags.addAll(flagsIn(FLAGS_24));
    }
    moreJvmFlags
        .lines()
        .flatMap(line -> List.of(line.trim().split("\\s+")).stream())
        .filter(flag -> !flag.isEmpty())
        .forEach(flags::add);
    return new ServerCommand(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        flags,
        System.getProperty("java.class.path"),
        SERVER,
        List.of("serve", "--data", data.toString(), "--durability", durability));
  }

  /** The whole command line for two ports; 0 lets the server choose. */
  List<String> line(int port, int adminPort) {
    List<String> line = new ArrayList<>(wrapper);
    line.add(java.toString());
    line.addAll(jvmFlags);
    line.add("-cp");
    line.add(classPath);
    line.add(mainClass);
    line.addAll(arguments);
    line.addAll(
        List.of("--port", Integer.toString(port), "--admin-port", Integer.toString(adminPort)));
    return line;
  }

  /**
   * The flags of one of the engine's argument files; its comments are those of {@code java @file}.
   */
  private static List<String> flagsIn(String resource) {
    try (InputStream in = ServerCommand.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the engine on the class path carries no " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::trim)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " could not be read", e);
    }
  }
}
