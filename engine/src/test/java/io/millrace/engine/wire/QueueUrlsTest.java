package io.millrace.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.sqs.QueueName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueUrlsTest {

  private final QueueUrls urls = new QueueUrls("123456789012");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders",
        "http://localhost:9324/123456789012/orders",
        "https://sqs.us-east-1.amazonaws.com/123456789012/orders",
        "http://127.0.0.1:9324/queue/123456789012/orders",
        "/123456789012/orders",
        "/123456789012/orders/",
        "123456789012/orders"
      })
  void onlyThePathOfAUrlCounts(String url) {
    assertThat(urls.nameIn(url)).isEqualTo(new QueueName("orders"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:9324/000000000000/orders",
        "http://localhost:9324/0123456789012/orders",
        "http://localhost:9324/orders",
        "http://localhost:9324/123456789012/",
        "http://localhost:9324/123456789012/../orders",
        "http://localhost:9324/123456789012/orders.fifo",
        "http://localhost:9324/123456789012/a%2fb",
        "/orders",
        "/",
        "//",
        "../orders"
      })
  void anotherAccountsQueueOrNoQueueIsMissing(String url) {
    assertThatThrownBy(() -> urls.nameIn(url))
        .isInstanceOf(Refusal.class)
        .hasMessage("The specified queue does not exist.");
  }
}
