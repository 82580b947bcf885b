package io.millrace.engine.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;

/**
 * The Host header: queue URLs repeat it, so it must be one, of harmless characters, and the same as
 * in an absolute request target (RFC 9112, 3.2).
 */
final class HostHeader {

  private HostHeader() {}

  static boolean isRight(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty()) {
      return !request.protocolVersion().isKeepAliveDefault();
    }
    String host = hosts.get(0);
    String target = request.uri();
    return hosts.size() == 1
        && !host.isEmpty()
        && host.chars().allMatch(HostHeader::mayStandInHost)
        && (target.startsWith("/") || isOfHost(target, host));
  }

  private static boolean isOfHost(String target, String host) {
    String start = "http://" + host;
    return target.regionMatches(true, 0, start, 0, start.length())
        && (target.length() == start.length()
            || target.charAt(start.length()) == '/'
            || target.charAt(start.length()) == '?');
  }

  private static boolean mayStandInHost(int c) {
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
