package io.millrace.engine.telemetry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which build runs.
 *
 * @param version of Millrace, as in {@code 0.1.0}
 * @param revision the source commit, followed by {@code -dirty} where the sources were not quite
 *     that commit's; {@link #UNKNOWN} where the build did not say
 */
public record BuildInfo(String version, String revision) {

  /** Stands for what the build did not say. */
  public static final String UNKNOWN = "unknown";

  /** Written beside this class by the build. */
  private static final String RESOURCE = "build.properties";

  /**
   * What the build left: the version in the manifest of this class's archive, unknown when run from
   * a folder of classes, and the commit in a resource, unknown when built from no git checkout.
   */
  public static BuildInfo ofBuild() {
    String version = BuildInfo.class.getPackage().getImplementationVersion();
    Properties build = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("this build's " + RESOURCE + " cannot be read", e);
    }
    return new BuildInfo(
        version == null ? UNKNOWN : version, build.getProperty("revision", UNKNOWN));
  }
}
