package io.millrace.chaos.scenario;

import java.net.URI;
import java.util.Locale;

/** What a scenario is run against. */
public sealed interface TargetChoice {

  /** The engine in the lab's own process: neither a process to kill nor a wire to cut. */
  record Embedded() implements TargetChoice {}

  /** A Millrace server that the lab starts. */
  record Http() implements TargetChoice {}

  /**
   * An SQS endpoint that somebody else started.
   *
   * @param uri such as {@code http://127.0.0.1:9324}
   */
  record Endpoint(URI uri) implements TargetChoice {}

  /**
   * Reads {@code embedded}, {@code http} or a URL.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static TargetChoice of(String text) {
    if (text.equals("embedded")) {
      return new Embedded();
    }
    if (text.equals("http")) {
      return new Http();
    }
    URI uri = URI.create(text);
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new IllegalArgumentException(
          "a target is embedded, http, or the URL of an SQS endpoint, not '" + text + "'");
    }
    return new Endpoint(uri);
  }

  /** What {@link #of} reads as this. */
  default String text() {
    if (this instanceof Endpoint endpoint) {
      return endpoint.uri().toString();
    }
    return this instanceof Embedded ? "embedded" : "http";
  }
}
