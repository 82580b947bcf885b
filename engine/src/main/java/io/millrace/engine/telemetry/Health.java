package io.millrace.engine.telemetry;

/**
 * Whether the server can do its work now.
 *
 * @param ok whether it can
 * @param reason why not, in one line for a person; "ok" if it can
 */
public record Health(boolean ok, String reason) {

  public static final Health OK = new Health(true, "ok");

  /** It cannot, for this reason. */
  public static Health failing(String reason) {
    return new Health(false, reason);
  }
}
