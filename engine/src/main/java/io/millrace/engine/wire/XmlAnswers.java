package io.millrace.engine.wire;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.MessageAttribute;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.SqsError;
import java.util.Map;

/** Bodies of answers of the Query protocol. XML is only ever written here, never read. */
final class XmlAnswers {

  static final String NAMESPACE = "http://queue.amazonaws.com/doc/2012-11-05/";

  private static final String DECLARATION = "<?xml version=\"1.0\"?>";

  private final AnswerFacts facts;

  XmlAnswers(AnswerFacts facts) {
    this.facts = facts;
  }

  void write(Exchange exchange, Reply reply, AnswerBuffer out) {
    String action = exchange.action.wireName();
    out.ascii(DECLARATION).ascii("<").ascii(action).ascii("Response xmlns=\"");
    out.ascii(NAMESPACE).ascii("\">");
    if (!(reply instanceof Reply.Done)) {
      int before = out.length();
      out.ascii("<").ascii(action).ascii("Result>");
      int opened = out.length();
      result(exchange, reply, out);
      if (out.length() == opened) {
        // An empty result is one empty element, as recorded from SQS.
        out.truncate(before).ascii("<").ascii(action).ascii("Result/>");
      } else {
        out.ascii("</").ascii(action).ascii("Result>");
      }
    }
    out.ascii("<ResponseMetadata><RequestId>").uuid(exchange.requestIdHigh, exchange.requestIdLow);
    out.ascii("</RequestId></ResponseMetadata></").ascii(action).ascii("Response>");
  }

  /** Writes an error of the Query protocol. */
  static void error(
      Exchange exchange, String code, boolean senderFault, String message, AnswerBuffer out) {
    out.ascii(DECLARATION).ascii("<ErrorResponse xmlns=\"").ascii(NAMESPACE);
    out.ascii("\"><Error><Type>").ascii(senderFault ? "Sender" : "Receiver");
    out.ascii("</Type><Code>").ascii(code);
    out.ascii("</Code><Message>").xml(message);
    out.ascii("</Message><Detail/></Error><RequestId>");
    out.uuid(exchange.requestIdHigh, exchange.requestIdLow);
    out.ascii("</RequestId></ErrorResponse>");
  }

  /**
   * The text of an error as the Query protocol has it: that of a missing queue is longer than in
   * JSON.
   */
  static String message(SqsError error) {
    return error.code() == ErrorCode.QUEUE_DOES_NOT_EXIST && error.equals(SqsError.QUEUE_MISSING)
        ? "The specified queue does not exist for this wsdl version."
        : error.message();
  }

  private void result(Exchange exchange, Reply reply, AnswerBuffer out) {
    if (reply instanceof Reply.MessageSent sent) {
      sent(exchange.sentMessage(), out);
      out.ascii("<MessageId>").uuid(sent.messageId()).ascii("</MessageId>");
    } else if (reply instanceof Reply.MessagesReceived received) {
      for (ReceivedMessage message : received.messages()) {
        message(exchange.selection, message, out);
      }
    } else if (reply instanceof Reply.BatchDone) {
      batch(exchange, out);
    } else if (reply instanceof Reply.QueueNamed named) {
      element("QueueUrl", facts.url(exchange, named.queue()), out);
    } else if (reply instanceof Reply.QueueList list) {
      for (QueueName queue : list.queues()) {
        element("QueueUrl", facts.url(exchange, queue), out);
      }
      if (!list.nextStartAfter().isEmpty()) {
        element("NextToken", RequestRules.nextToken(list.nextStartAfter()), out);
      }
    } else if (reply instanceof Reply.QueueState state) {
      for (Map.Entry<QueueAttribute, String> attribute :
          facts.attributes(state, exchange.queueAttributes).entrySet()) {
        nameAndValue(attribute.getKey().wireName(), attribute.getValue(), out);
      }
    }
  }

  /** The digests of a sent message. */
  private void sent(OutgoingMessage message, AnswerBuffer out) {
    out.ascii("<MD5OfMessageBody>").hex(facts.digests().ofBody(message.body(), message.bodyMd5()));
    out.ascii("</MD5OfMessageBody>");
    if (!message.attributes().isEmpty()) {
      out.ascii("<MD5OfMessageAttributes>").hex(facts.digests().of(message.attributes()));
      out.ascii("</MD5OfMessageAttributes>");
    }
    if (!message.traceHeader().isEmpty()) {
      out.ascii("<MD5OfMessageSystemAttributes>");
      out.hex(facts.digests().ofTraceHeader(message.traceHeader()));
      out.ascii("</MD5OfMessageSystemAttributes>");
    }
  }

  private void message(ReceiveSelection selection, ReceivedMessage message, AnswerBuffer out) {
    out.ascii("<Message><MessageId>").uuid(message.id()).ascii("</MessageId>");
    element("ReceiptHandle", message.receiptHandle(), out);
    out.ascii("<MD5OfBody>")
        .hex(facts.digests().ofBody(message.body(), message.bodyMd5()))
        .ascii("</MD5OfBody>");
    out.ascii("<Body>").xml(message.body()).ascii("</Body>");
    facts
        .systemAttributes(message, selection)
        .forEach((name, value) -> nameAndValue(name, value, out));
    var user = selection.of(message.attributes());
    if (!user.isEmpty()) {
      out.ascii("<MD5OfMessageAttributes>").hex(facts.digests().of(user));
      out.ascii("</MD5OfMessageAttributes>");
      for (MessageAttribute attribute : user) {
        out.ascii("<MessageAttribute>");
        element("Name", attribute.name(), out);
        if (attribute.isBinary()) {
          out.ascii("<Value><BinaryValue>").base64(attribute.value()).ascii("</BinaryValue>");
        } else {
          out.ascii("<Value><StringValue>").xml(attribute.value()).ascii("</StringValue>");
        }
        element("DataType", attribute.dataType(), out);
        out.ascii("</Value></MessageAttribute>");
      }
    }
    out.ascii("</Message>");
  }

  private void batch(Exchange exchange, AnswerBuffer out) {
    String element = exchange.action.wireName() + "ResultEntry";
    for (Reply.Entry entry : exchange.batchEntries()) {
      if (entry instanceof Reply.Entry.Refused refused) {
        SqsError error = refused.error();
        out.ascii("<BatchResultErrorEntry>");
        element("Id", entry.id(), out);
        element("Code", AnswerFacts.entryCode(error.code()), out);
        element("Message", message(error), out);
        element("SenderFault", Boolean.toString(error.code().senderFault()), out);
        out.ascii("</BatchResultErrorEntry>");
      } else {
        out.ascii("<").ascii(element).ascii(">");
        element("Id", entry.id(), out);
        if (entry instanceof Reply.Entry.Sent sent) {
          out.ascii("<MessageId>").uuid(sent.messageId()).ascii("</MessageId>");
          sent(exchange.sentMessage(entry.id()), out);
        }
        out.ascii("</").ascii(element).ascii(">");
      }
    }
  }

  private static void nameAndValue(String name, String value, AnswerBuffer out) {
    out.ascii("<Attribute>");
    element("Name", name, out);
    element("Value", value, out);
    out.ascii("</Attribute>");
  }

  private static void element(String name, String text, AnswerBuffer out) {
    out.ascii("<").ascii(name).ascii(">").xml(text).ascii("</").ascii(name).ascii(">");
  }
}
