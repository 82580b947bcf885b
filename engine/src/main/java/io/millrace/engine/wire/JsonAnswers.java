package io.millrace.engine.wire;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.MessageAttribute;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.SqsError;
import java.util.List;
import java.util.Map;

/**
 * Bodies of answers in JSON: those of AWS JSON 1.0, and the same wrapped for the Query protocol.
 * Hot.
 */
final class JsonAnswers {

  private static final byte[] SENT_OPEN = MessageText.encode("{\"MD5OfMessageBody\":\"");
  private static final byte[] SENT_ID = MessageText.encode("\",\"MessageId\":\"");
  private static final byte[] CLOSE = MessageText.encode("\"}");

  /** What a message takes in an answer beside its body, as a guess. */
  private static final int BESIDE_BODY_BYTES = 512;

  private final AnswerFacts facts;

  JsonAnswers(AnswerFacts facts) {
    this.facts = facts;
  }

  /** Writes what the reply says; nothing at all for a reply that says nothing. */
  void write(Exchange exchange, Reply reply, AnswerBuffer out) {
    if (reply instanceof Reply.MessageSent sent) {
      sent(exchange.sentMessage(), sent, out);
    } else if (reply instanceof Reply.MessagesReceived received) {
      received(exchange.selection, received.messages(), out);
    } else if (reply instanceof Reply.BatchDone) {
      batch(exchange, out);
    } else if (reply instanceof Reply.QueueNamed named) {
      out.ascii("{\"QueueUrl\":").json(facts.url(exchange, named.queue())).ascii("}");
    } else if (reply instanceof Reply.QueueList list) {
      queues(exchange, list, out);
    } else if (reply instanceof Reply.QueueState state) {
      attributes(facts.attributes(state, exchange.queueAttributes), out);
    } else {
      assert reply instanceof Reply.Done : reply;
    }
  }

  /** Writes an error of AWS JSON 1.0. */
  static void error(String namespacedShape, String message, AnswerBuffer out) {
    out.ascii("{\"__type\":\"").ascii(namespacedShape).ascii("\",\"message\":");
    out.json(message).ascii("}");
  }

  /**
   * The namespace is that of the API model for shapes it has, that of AWS's service framework for
   * others.
   */
  static String namespacedShape(ErrorCode code) {
    return switch (code) {
      case INVALID_PARAMETER_VALUE,
          MISSING_PARAMETER,
          MALFORMED_INPUT,
          INVALID_ACTION,
          SERVICE_UNAVAILABLE,
          INTERNAL_FAILURE ->
          "com.amazon.coral.service#" + code.shape();
      default -> "com.amazonaws.sqs#" + code.shape();
    };
  }

  private void sent(OutgoingMessage message, Reply.MessageSent sent, AnswerBuffer out) {
    out.raw(SENT_OPEN);
    digests(message, out);
    out.raw(SENT_ID).uuid(sent.messageId()).raw(CLOSE);
  }

  /**
   * The body's digest and the names and values of the others; the quote before and after are the
   * caller's.
   */
  private void digests(OutgoingMessage message, AnswerBuffer out) {
    out.hex(facts.digests().ofBody(message.body(), message.bodyMd5()));
    if (!message.attributes().isEmpty()) {
      out.ascii("\",\"MD5OfMessageAttributes\":\"");
      out.hex(facts.digests().of(message.attributes()));
    }
    if (!message.traceHeader().isEmpty()) {
      out.ascii("\",\"MD5OfMessageSystemAttributes\":\"");
      out.hex(facts.digests().ofTraceHeader(message.traceHeader()));
    }
  }

  private void received(
      ReceiveSelection selection, List<ReceivedMessage> messages, AnswerBuffer out) {
    if (messages.isEmpty()) {
      out.ascii("{}");
      return;
    }
    // Large answers grow their buffer once, unless their bodies are full of escapes.
    int bodyBytes = 0;
    for (ReceivedMessage message : messages) {
      bodyBytes += message.body().length;
    }
    out.reserve(bodyBytes + messages.size() * BESIDE_BODY_BYTES);
    out.ascii("{\"Messages\":[");
    for (int i = 0; i < messages.size(); i++) {
      out.ascii(i == 0 ? "{\"MessageId\":\"" : ",{\"MessageId\":\"");
      message(selection, messages.get(i), out);
    }
    out.ascii("]}");
  }

  private void message(ReceiveSelection selection, ReceivedMessage message, AnswerBuffer out) {
    out.uuid(message.id()).ascii("\",\"ReceiptHandle\":").json(message.receiptHandle());
    out.ascii(",\"MD5OfBody\":\"").hex(facts.digests().ofBody(message.body(), message.bodyMd5()));
    out.ascii("\",\"Body\":").json(message.body());
    if (!selection.system().isEmpty()) {
      Map<String, String> system = facts.systemAttributes(message, selection);
      if (!system.isEmpty()) {
        out.ascii(",\"Attributes\":");
        stringMap(system, out);
      }
    }
    List<MessageAttribute> user = selection.of(message.attributes());
    if (!user.isEmpty()) {
      out.ascii(",\"MD5OfMessageAttributes\":\"").hex(facts.digests().of(user));
      out.ascii("\",\"MessageAttributes\":{");
      for (int i = 0; i < user.size(); i++) {
        MessageAttribute attribute = user.get(i);
        out.ascii(i == 0 ? "" : ",").json(attribute.name());
        if (attribute.isBinary()) {
          out.ascii(":{\"BinaryValue\":\"").base64(attribute.value()).ascii("\"");
        } else {
          out.ascii(":{\"StringValue\":").json(attribute.value());
        }
        out.ascii(",\"DataType\":").json(attribute.dataType()).ascii("}");
      }
      out.ascii("}");
    }
    out.ascii("}");
  }

  /** Both lists are there, empty or not, as the API model requires them. */
  private void batch(Exchange exchange, AnswerBuffer out) {
    List<Reply.Entry> entries = exchange.batchEntries();
    out.ascii("{\"Successful\":[");
    boolean first = true;
    for (Reply.Entry entry : entries) {
      if (entry instanceof Reply.Entry.Refused) {
        continue;
      }
      out.ascii(first ? "{\"Id\":" : ",{\"Id\":").json(entry.id());
      if (entry instanceof Reply.Entry.Sent sent) {
        out.ascii(",\"MessageId\":\"").uuid(sent.messageId());
        out.ascii("\",\"MD5OfMessageBody\":\"");
        digests(exchange.sentMessage(entry.id()), out);
        out.ascii("\"");
      }
      out.ascii("}");
      first = false;
    }
    out.ascii("],\"Failed\":[");
    first = true;
    for (Reply.Entry entry : entries) {
      if (entry instanceof Reply.Entry.Refused refused) {
        SqsError error = refused.error();
        out.ascii(first ? "{\"Id\":" : ",{\"Id\":").json(entry.id());
        out.ascii(",\"SenderFault\":").ascii(error.code().senderFault() ? "true" : "false");
        out.ascii(",\"Code\":\"").ascii(AnswerFacts.entryCode(error.code()));
        out.ascii("\",\"Message\":").json(error.message()).ascii("}");
        first = false;
      }
    }
    out.ascii("]}");
  }

  private void queues(Exchange exchange, Reply.QueueList list, AnswerBuffer out) {
    out.ascii("{");
    if (!list.queues().isEmpty()) {
      out.ascii("\"QueueUrls\":[");
      boolean first = true;
      for (QueueName queue : list.queues()) {
        out.ascii(first ? "" : ",").json(facts.url(exchange, queue));
        first = false;
      }
      out.ascii("]");
    }
    if (!list.nextStartAfter().isEmpty()) {
      out.ascii(list.queues().isEmpty() ? "" : ",").ascii("\"NextToken\":");
      out.json(RequestRules.nextToken(list.nextStartAfter()));
    }
    out.ascii("}");
  }

  private static void attributes(Map<QueueAttribute, String> attributes, AnswerBuffer out) {
    if (attributes.isEmpty()) {
      out.ascii("{}");
      return;
    }
    out.ascii("{\"Attributes\":{");
    boolean first = true;
    for (Map.Entry<QueueAttribute, String> attribute : attributes.entrySet()) {
      out.ascii(first ? "\"" : ",\"").ascii(attribute.getKey().wireName()).ascii("\":");
      out.json(attribute.getValue());
      first = false;
    }
    out.ascii("}}");
  }

  private static void stringMap(Map<String, String> map, AnswerBuffer out) {
    out.ascii("{");
    boolean first = true;
    for (Map.Entry<String, String> entry : map.entrySet()) {
      out.ascii(first ? "" : ",").json(entry.getKey()).ascii(":").json(entry.getValue());
      first = false;
    }
    out.ascii("}");
  }
}
