package io.millrace.engine.telemetry;

/**
 * Which build runs.
 *
 * @param version of Millrace, as in {@code 0.1.0}
 * @param revision the source commit; {@link #UNKNOWN} where the build did not say
 */
public record BuildInfo(String version, String revision) {

  /** Stands for what the build did not say. */
  public static final String UNKNOWN = "unknown";

  /** What the manifest of this class's archive says; unknown when run from a folder of classes. */
  public static BuildInfo ofManifest() {
    String version = BuildInfo.class.getPackage().getImplementationVersion();
    return new BuildInfo(version == null ? UNKNOWN : version, UNKNOWN);
  }
}
