package io.millrace.jmh.load;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Another's server with a hiccup meter in its JVM, as {@link WatchedServer} is ours. The server's
 * classes have a loader of their own, so that they meet their own libraries and none of ours.
 */
public final class WatchedPeer {

  private static final String JAR = ".jar";

  private WatchedPeer() {}

  /**
   * Runs it.
   *
   * @param arguments the meter's {@code .hlog} and its stall log, the folder of the server's jars,
   *     its main class, and the arguments of that
   */
  public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
    List<String> words = List.of(arguments);
    WatchedServer.meter(Path.of(words.get(0)), Path.of(words.get(1)));
    // Never closed: the server loads classes from it as long as this JVM lives.
    URLClassLoader apart =
        new URLClassLoader(jars(Path.of(words.get(2))), ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(apart);
    try {
      apart
          .loadClass(words.get(3))
          .getMethod("main", String[].class)
          .invoke(null, (Object) words.subList(4, words.size()).toArray(String[]::new));
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(words.get(3) + " failed", e.getCause());
    }
  }

  private static URL[] jars(Path folder) throws IOException {
    List<URL> jars = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(JAR)).sorted().toList()) {
        jars.add(file.toUri().toURL());
      }
    }
    return jars.toArray(URL[]::new);
  }
}
