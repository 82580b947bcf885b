package io.millrace.chaos.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.ClockStep;
import io.millrace.chaos.policy.Mishap;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.ServerConfig;
import io.millrace.engine.shard.Durability;
import io.millrace.engine.wire.WireConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ChaosServerTest {

  @TempDir private Path data = Path.of("unset");

  @Test
  void policyIsReadReplacedAndTakenBackAtTheAdminPort() throws IOException {
    try (ChaosServer server = open(ChaosPolicy.NONE)) {
      SqsCaller caller = new SqsCaller(server.address(), server.adminAddress());
      String queue = caller.createQueue("orders");
      caller.ask("SendMessage", queue, Map.of("MessageBody", "a"));

      HttpResponse<String> put =
          caller.admin(
              "PUT", "/chaos", "{\"seed\": 3, \"queues\": {\"orders\": {\"duplicate-now\": 1}}}");
      assertThat(put.statusCode()).isEqualTo(200);
      assertThat(receive(caller, queue)).hasSize(2);
      JsonNode state = SqsCaller.json(caller.admin("GET", "/chaos", "").body());
      assertThat(state.at("/policy/seed").asLong()).isEqualTo(3);
      assertThat(state.at("/faults/0").toString())
          .isEqualTo(
              "{\"kind\":\"duplicate-now\",\"queue\":\"orders\",\"planned\":1,\"fired\":1,\"missed\":0}");
      assertThat(state.get("skipped")).isEmpty();
      assertThat(caller.admin("GET", "/chaos/faults?since=1", "").body().lines())
          .singleElement()
          .satisfies(line -> assertThat(line).contains("\"stage\":\"FIRED\"", "\"fault\":1"));
      assertThat(caller.admin("GET", "/metrics", "").body())
          .contains("millrace_chaos_faults_total{kind=\"duplicate-now\",queue=\"orders\"} 1.0");

      assertThat(caller.admin("DELETE", "/chaos", "").statusCode()).isEqualTo(200);
      caller.ask("SendMessage", queue, Map.of("MessageBody", "b"));
      assertThat(receive(caller, queue)).hasSize(1);
    }
  }

  @Test
  void badPolicyIsRefusedByLineAndTheOldOneStays() throws IOException {
    try (ChaosServer server = open(ChaosPolicy.NONE)) {
      SqsCaller caller = new SqsCaller(server.address(), server.adminAddress());
      caller.admin("PUT", "/chaos", "seed: 5");

      HttpResponse<String> refused = caller.admin("PUT", "/chaos", "seed: 6\nqueue: {}\n");

      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).startsWith("request:2:1: a policy has no 'queue'");
      assertThat(server.faults().policy().seed()).isEqualTo(5);
      assertThat(caller.admin("POST", "/chaos", "x").statusCode()).isEqualTo(405);
      assertThat(caller.admin("GET", "/chaos/faults?since=x", "").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void whatCannotBeInjectedIsNamedWithItsReason() throws IOException {
    try (ChaosServer server = open(ChaosPolicy.NONE, false)) {
      SqsCaller caller = new SqsCaller(server.address(), server.adminAddress());
      String answer = caller.admin("PUT", "/chaos", "queues: {q: {net-reset: 1}}").body();
      assertThat(SqsCaller.json(answer).get("skipped"))
          .singleElement()
          .satisfies(why -> assertThat(why.asString()).startsWith("net-reset of q: no proxy"));
    }
  }

  @Test
  void wallClockStepsUnderTheEngineAndItsTimeGoesOn() throws IOException {
    ChaosPolicy policy =
        new ChaosPolicy(
            1, Map.of(), List.of(new ClockStep(0, -86_400_000), new ClockStep(50, 172_800_000)));
    long before = System.currentTimeMillis();
    try (ChaosServer server = open(policy)) {
      SqsCaller caller = new SqsCaller(server.address(), server.adminAddress());
      String queue = caller.createQueue("orders");
      while (server.log().fired(Mishap.CLOCK_STEP) < 2) {
        caller.ask("SendMessage", queue, Map.of("MessageBody", "a"));
      }
      caller.ask("SendMessage", queue, Map.of("MessageBody", "last"));
      long lastSent = 0;
      for (List<JsonNode> got = receive(caller, queue);
          !got.isEmpty();
          got = receive(caller, queue)) {
        for (JsonNode message : got) {
          long sent = message.at("/Attributes/SentTimestamp").asLong();
          assertThat(sent).isGreaterThanOrEqualTo(lastSent);
          lastSent = sent;
        }
      }
      long elapsed = System.currentTimeMillis() - before;
      assertThat(lastSent).isBetween(before - 1, before + 2 * elapsed);
    }
  }

  private static List<JsonNode> receive(SqsCaller caller, String queue) throws IOException {
    JsonNode messages =
        caller
            .ask(
                "ReceiveMessage",
                queue,
                Map.of("MaxNumberOfMessages", 10, "AttributeNames", List.of("All")))
            .body()
            .get("Messages");
    return messages == null ? List.of() : List.copyOf(messages.values());
  }

  private ChaosServer open(ChaosPolicy policy) throws IOException {
    return open(policy, true);
  }

  private ChaosServer open(ChaosPolicy policy, boolean proxied) throws IOException {
    return ChaosServer.open(
        ServerConfig.of(
            EngineConfig.at(data).withDurability(Durability.PROCESS_CRASH),
            WireConfig.DEFAULT.at("127.0.0.1", 0),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
        policy,
        proxied);
  }
}
