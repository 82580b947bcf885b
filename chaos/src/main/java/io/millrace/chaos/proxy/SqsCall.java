package io.millrace.chaos.proxy;

import io.millrace.chaos.policy.SqsAction;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks, as far as faults must know.
 *
 * @param action empty for one that no fault concerns
 * @param queue its name, or empty
 * @param json whether it speaks the JSON protocol, else Query
 */
record SqsCall(Optional<SqsAction> action, String queue, boolean json) {

  private static final String TARGET = "X-Amz-Target";

  /** Inside a JSON text such a member's quotes would be escaped, so a body cannot pretend one. */
  private static final Pattern QUEUE = Pattern.compile("\"Queue(Url|Name)\"\\s*:\\s*\"([^\"]*)\"");

  /** What the request asks; its body is left as it is. */
  static SqsCall of(FullHttpRequest request) {
    @Nullable String target = request.headers().get(TARGET);
    String body = request.content().toString(StandardCharsets.UTF_8);
    if (target != null) {
      Matcher queue = QUEUE.matcher(body);
      return new SqsCall(
          SqsAction.named(target.substring(target.lastIndexOf('.') + 1)),
          queue.find() ? lastSegment(queue.group(2).replace("\\/", "/")) : "",
          true);
    }
    @Nullable String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
    boolean form = type != null && type.startsWith("application/x-www-form-urlencoded");
    QueryStringDecoder line = new QueryStringDecoder(request.uri());
    Map<String, List<String>> parameters =
        form ? new QueryStringDecoder(body, false).parameters() : line.parameters();
    String queue =
        first(parameters, "QueueUrl").or(() -> first(parameters, "QueueName")).orElse(line.path());
    return new SqsCall(
        first(parameters, "Action").flatMap(SqsAction::named), lastSegment(queue), false);
  }

  private static Optional<String> first(Map<String, List<String>> parameters, String name) {
    return parameters.getOrDefault(name, List.of()).stream().findFirst();
  }

  private static String lastSegment(String url) {
    return url.substring(url.lastIndexOf('/') + 1);
  }
}
