package io.millrace.engine.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Iterator;

/**
 * The Host header: queue URLs repeat it, so it must be one, of harmless characters, and the same as
 * in an absolute request target (RFC 9112, 3.2).
 */
final class HostHeader {

  private HostHeader() {}

  static boolean isRight(HttpRequest request) {
    Iterator<String> hosts = request.headers().valueStringIterator(HttpHeaderNames.HOST);
    if (!hosts.hasNext()) {
      return !request.protocolVersion().isKeepAliveDefault();
    }
    String host = hosts.next();
    String target = request.uri();
    return !hosts.hasNext()
        && isHarmless(host)
        && (target.startsWith("/") || isOfHost(target, host));
  }

  private static boolean isHarmless(String host) {
    for (int i = 0; i < host.length(); i++) {
      if (!mayStandInHost(host.charAt(i))) {
        return false;
      }
    }
    return !host.isEmpty();
  }

  private static boolean isOfHost(String target, String host) {
    String start = "http://" + host;
    return target.regionMatches(true, 0, start, 0, start.length())
        && (target.length() == start.length()
            || target.charAt(start.length()) == '/'
            || target.charAt(start.length()) == '?');
  }

  private static boolean mayStandInHost(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || c == '_'
        || c == ':'
        || c == '['
        || c == ']';
  }
}
