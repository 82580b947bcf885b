package io.millrace.reports.record;

/**
 * Messages received more than once, counted per extra delivery, by the cause that explains it.
 *
 * @param injected a fault that makes duplicates was done to this message
 * @param visibilityExpiry the earlier delivery's visibility timeout had run out
 * @param crash the server was killed between the two deliveries
 * @param unknownDelete a delete between the two has an unknown outcome
 * @param unexplained none of these; at-least-once allows it, our engine does not
 */
public record Duplicates(
    long injected, long visibilityExpiry, long crash, long unknownDelete, long unexplained) {
  /** No duplicates. */
  public static final Duplicates NONE = new Duplicates(0, 0, 0, 0, 0);

  /** Extra deliveries of any cause. */
  public long total() {
    return injected + visibilityExpiry + crash + unknownDelete + unexplained;
  }
}
