package io.millrace.engine.wire;

import io.netty.util.AsciiString;
import java.util.Arrays;

/**
 * The names of the headers that AWS SDKs send, as the SDKs spell them. A name found here costs no
 * copy and no hash: with a dozen headers a request that is a sixth of what its head costs. Hot.
 */
final class HeaderNames {

  private static final int LENGTH_MAX = 32;

  private static final String[] NAMES = {
    "Accept-Encoding",
    "Authorization",
    "Content-Length",
    "Content-Type",
    "Connection",
    "Expect",
    "Host",
    "User-Agent",
    "X-Amz-Content-SHA256",
    "X-Amz-Date",
    "X-Amz-Security-Token",
    "X-Amz-Target",
    "X-Amzn-Trace-Id",
    "accept",
    "accept-encoding",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "traceparent",
    "tracestate",
    "user-agent",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-query-mode",
    "x-amz-security-token",
    "x-amz-target",
    "x-amz-user-agent",
    "x-amzn-query-mode"
  };

  /** By length, then in no order; lengths have few names each. */
  private static final AsciiString[][] BY_LENGTH = new AsciiString[LENGTH_MAX + 1][];

  static {
    for (int length = 0; length <= LENGTH_MAX; length++) {
      int wanted = length;
      BY_LENGTH[length] =
          Arrays.stream(NAMES)
              .filter(name -> name.length() == wanted)
              .map(AsciiString::cached)
              .toArray(AsciiString[]::new);
    }
  }

  private HeaderNames() {}

  /** The name those bytes spell; empty when it is none of these. */
  static AsciiString known(byte[] line, int start, int length) {
    if (length <= LENGTH_MAX) {
      for (AsciiString name : BY_LENGTH[length]) {
        if (isSpelled(name, line, start)) {
          return name;
        }
      }
    }
    return AsciiString.EMPTY_STRING;
  }

  private static boolean isSpelled(AsciiString name, byte[] line, int start) {
    byte[] bytes = name.array();
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != line[start + i]) {
        return false;
      }
    }
    return true;
  }
}
