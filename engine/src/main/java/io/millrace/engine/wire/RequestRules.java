package io.millrace.engine.wire;

import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.millrace.engine.sqs.SqsError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the parameters of an action into a legal {@link Request}, or says with SQS's words why not.
 * Every limit that depends on no queue's state is checked here and nowhere else; texts and ranges
 * are those recorded from SQS, and where none is known, those its own documentation or several of
 * its emulators agree on.
 */
final class RequestRules {

  private static final String NAME_TEXT =
      "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";

  /**
   * Attributes that only FIFO queues have: a standard queue may be asked for them, and has none.
   */
  private static final Set<String> OF_FIFO_QUEUES =
      Set.of("FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit");

  private final QueueUrls urls;
  private final String account;
  private final Limits limits;
  private final MessageRules messages;

  RequestRules(String account, QueueUrls urls, Limits limits) {
    this.account = account;
    this.urls = urls;
    this.limits = limits;
    this.messages = new MessageRules(limits);
  }

  /**
   * Fills the exchange with the request, and with what its answer needs to know of the input.
   *
   * @param traceHeaderOfHttp the header {@code X-Amzn-Trace-Id}, if any
   * @throws Refusal if the input breaks a rule
   */
  void apply(Parameters in, Caller caller, @Nullable String traceHeaderOfHttp, Exchange exchange) {
    switch (exchange.action) {
      case SEND_MESSAGE ->
          exchange.request =
              new Request.SendMessage(
                  caller, queue(in), messages.message(in.single, traceHeaderOfHttp));
      case SEND_MESSAGE_BATCH -> sendBatch(in, caller, traceHeaderOfHttp, exchange);
      case RECEIVE_MESSAGE -> receive(in, caller, exchange);
      case DELETE_MESSAGE ->
          exchange.request = new Request.DeleteMessage(caller, queue(in), receiptHandle(in.single));
      case DELETE_MESSAGE_BATCH -> deleteBatch(in, caller, exchange);
      case CHANGE_MESSAGE_VISIBILITY ->
          exchange.request =
              new Request.ChangeMessageVisibility(
                  caller, queue(in), receiptHandle(in.single), newVisibility(in.single));
      case CHANGE_MESSAGE_VISIBILITY_BATCH -> visibilityBatch(in, caller, exchange);
      case CREATE_QUEUE -> createQueue(in, caller, exchange);
      case DELETE_QUEUE -> exchange.request = new Request.DeleteQueue(caller, queue(in));
      case GET_QUEUE_URL -> getQueueUrl(in, caller, exchange);
      case LIST_QUEUES -> listQueues(in, caller, exchange);
      case GET_QUEUE_ATTRIBUTES -> {
        QueueName queue = queue(in);
        exchange.queueAttributes = queueAttributes(in.attributeNames);
        exchange.request = new Request.GetQueueAttributes(caller, queue);
      }
      case SET_QUEUE_ATTRIBUTES -> {
        QueueName queue = queue(in);
        if (!in.attributesGiven) {
          throw new Refusal(SqsError.missingParameter("Attributes"));
        }
        exchange.request =
            new Request.SetQueueAttributes(caller, queue, settings(in.attributes, false));
      }
      case PURGE_QUEUE -> exchange.request = new Request.PurgeQueue(caller, queue(in));
      case UNKNOWN -> throw invalidAction(exchange.action.wireName());
      default ->
          throw new Refusal(
              ErrorCode.UNSUPPORTED_OPERATION,
              "The operation " + exchange.action.wireName() + " is not supported.");
    }
  }

  static Refusal invalidAction(String name) {
    return new Refusal(
        ErrorCode.INVALID_ACTION, "The action " + name + " is not valid for this endpoint.");
  }

  private QueueName queue(Parameters in) {
    if (in.queueUrl == null || in.queueUrl.isEmpty()) {
      throw new Refusal(SqsError.missingParameter("QueueUrl"));
    }
    return urls.nameIn(in.queueUrl);
  }

  // Messages.

  private void receive(Parameters in, Caller caller, Exchange exchange) {
    QueueName queue = queue(in);
    int max = in.maxNumberOfMessages;
    int wait = in.waitTimeSeconds;
    int visibility = in.single.visibilityTimeout;
    if (max != Parameters.ABSENT && (max < 1 || max > Limits.RECEIVE_MESSAGES_MAX)) {
      throw invalid(max, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.");
    }
    if (wait != Parameters.ABSENT && (wait < 0 || wait > Limits.WAIT_SECONDS_MAX)) {
      throw invalid(wait, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.");
    }
    if (visibility != Parameters.ABSENT
        && (visibility < 0 || visibility > Limits.VISIBILITY_SECONDS_MAX)) {
      throw invalid(visibility, "VisibilityTimeout", "Must be >= 0 and <= 43200, if provided.");
    }
    exchange.selection =
        ReceiveSelection.of(
            in.messageSystemAttributeNames, in.attributeNames, in.messageAttributeNames);
    exchange.request =
        new Request.ReceiveMessage(
            caller,
            queue,
            max == Parameters.ABSENT ? 1 : max,
            wait == Parameters.ABSENT ? Request.QUEUE_DEFAULT : wait,
            visibility == Parameters.ABSENT ? Request.QUEUE_DEFAULT : visibility);
  }

  private static String receiptHandle(Parameters.Entry entry) {
    if (entry.receiptHandle == null) {
      throw new Refusal(SqsError.missingParameter("ReceiptHandle"));
    }
    if (entry.receiptHandle.isEmpty()) {
      throw new Refusal(SqsError.invalidReceiptHandle(entry.receiptHandle));
    }
    return entry.receiptHandle;
  }

  private static int newVisibility(Parameters.Entry entry) {
    int visibility = entry.visibilityTimeout;
    if (visibility == Parameters.ABSENT) {
      throw new Refusal(SqsError.missingParameter("VisibilityTimeout"));
    }
    if (visibility < 0 || visibility > Limits.VISIBILITY_SECONDS_MAX) {
      throw invalid(
          visibility,
          "VisibilityTimeout",
          "VisibilityTimeout must be an integer between 0 and 43200.");
    }
    return visibility;
  }

  private static Refusal invalid(int value, String parameter, String reason) {
    return new Refusal(SqsError.invalidParameter(Integer.toString(value), parameter, reason));
  }

  // Batches: the request as a whole, then each entry, whose refusal is its own.

  private void sendBatch(
      Parameters in, Caller caller, @Nullable String traceHeaderOfHttp, Exchange exchange) {
    QueueName queue = queue(in);
    checkBatch(in.entries, exchange.action);
    long bytes = 0;
    for (Parameters.Entry entry : in.entries) {
      bytes += MessageRules.sizeBytes(entry);
    }
    if (bytes > limits.batchBytesMax()) {
      throw new Refusal(
          ErrorCode.BATCH_REQUEST_TOO_LONG,
          "Batch requests cannot be longer than "
              + limits.batchBytesMax()
              + " bytes. You have sent "
              + bytes
              + " bytes.");
    }
    List<Request.SendEntry> legal =
        legalEntries(
            in.entries,
            exchange,
            (id, entry) -> new Request.SendEntry(id, messages.message(entry, traceHeaderOfHttp)));
    exchange.request = new Request.SendMessageBatch(caller, queue, legal);
  }

  private void deleteBatch(Parameters in, Caller caller, Exchange exchange) {
    QueueName queue = queue(in);
    checkBatch(in.entries, exchange.action);
    exchange.request =
        new Request.DeleteMessageBatch(
            caller,
            queue,
            legalEntries(
                in.entries,
                exchange,
                (id, entry) -> new Request.DeleteEntry(id, receiptHandle(entry))));
  }

  private void visibilityBatch(Parameters in, Caller caller, Exchange exchange) {
    QueueName queue = queue(in);
    checkBatch(in.entries, exchange.action);
    exchange.request =
        new Request.ChangeMessageVisibilityBatch(
            caller,
            queue,
            legalEntries(
                in.entries,
                exchange,
                (id, entry) ->
                    new Request.VisibilityEntry(id, receiptHandle(entry), newVisibility(entry))));
  }

  private interface EntryRule<T> {
    T apply(String id, Parameters.Entry entry);
  }

  private static <T> List<T> legalEntries(
      List<Parameters.Entry> entries, Exchange exchange, EntryRule<T> rule) {
    List<T> legal = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      Parameters.Entry entry = entries.get(i);
      String id = id(entry);
      try {
        legal.add(rule.apply(id, entry));
      } catch (Refusal refusal) {
        exchange.refuseEntry(i, entries.size(), new Reply.Entry.Refused(id, refusal.error()));
      }
    }
    return legal;
  }

  private static void checkBatch(List<Parameters.Entry> entries, Action action) {
    if (entries.isEmpty()) {
      throw new Refusal(
          ErrorCode.EMPTY_BATCH_REQUEST,
          "There should be at least one " + action.entryName() + " in the request.");
    }
    if (entries.size() > Limits.BATCH_ENTRIES_MAX) {
      throw new Refusal(
          ErrorCode.TOO_MANY_ENTRIES_IN_BATCH_REQUEST,
          "Maximum number of entries per request are "
              + Limits.BATCH_ENTRIES_MAX
              + ". You have sent "
              + entries.size()
              + ".");
    }
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).id == null) {
        throw new Refusal(SqsError.missingParameter(action.entryName() + "." + (i + 1) + ".Id"));
      }
      String id = id(entries.get(i));
      if (!isEntryId(id)) {
        throw new Refusal(
            ErrorCode.INVALID_BATCH_ENTRY_ID,
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores."
                + " It can be at most 80 letters long.");
      }
      if (!ids.add(id)) {
        throw new Refusal(ErrorCode.BATCH_ENTRY_IDS_NOT_DISTINCT, "Id " + id + " repeated.");
      }
    }
  }

  private static String id(Parameters.Entry entry) {
    return entry.id == null ? "" : entry.id;
  }

  /** Entry ids follow the same rule as queue names. */
  private static boolean isEntryId(String id) {
    return id.length() <= Limits.BATCH_ENTRY_ID_LENGTH_MAX && QueueName.isLegal(id);
  }

  // Queues.

  private void createQueue(Parameters in, Caller caller, Exchange exchange) {
    QueueName queue = newQueueName(in.queueName);
    if (in.tags) {
      throw new Refusal(
          ErrorCode.UNSUPPORTED_OPERATION, "Tags of a queue are not supported: tags.");
    }
    exchange.request = new Request.CreateQueue(caller, queue, settings(in.attributes, true));
  }

  private static QueueName newQueueName(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      throw new Refusal(SqsError.missingParameter("QueueName"));
    }
    if (!QueueName.isLegal(name)) {
      throw Refusal.invalid(NAME_TEXT);
    }
    return new QueueName(name);
  }

  private void getQueueUrl(Parameters in, Caller caller, Exchange exchange) {
    String name = in.queueName;
    if (name == null || name.isEmpty()) {
      throw new Refusal(SqsError.missingParameter("QueueName"));
    }
    boolean foreign = in.queueOwnerAccount != null && !in.queueOwnerAccount.equals(account);
    if (foreign || !QueueName.isLegal(name)) {
      throw new Refusal(SqsError.QUEUE_MISSING);
    }
    exchange.request = new Request.GetQueueUrl(caller, new QueueName(name));
  }

  private static void listQueues(Parameters in, Caller caller, Exchange exchange) {
    int max = in.maxResults;
    if (max != Parameters.ABSENT && (max < 1 || max > Limits.LIST_RESULTS_MAX)) {
      throw Refusal.invalid(
          "Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between"
              + " 1 and 1000.");
    }
    String startAfter = in.nextToken == null ? "" : startAfter(in.nextToken);
    exchange.request =
        new Request.ListQueues(
            caller,
            in.queueNamePrefix == null ? "" : in.queueNamePrefix,
            max == Parameters.ABSENT ? Request.QUEUE_DEFAULT : max,
            startAfter);
  }

  /** The opaque token for the page after this name. */
  static String nextToken(String startAfter) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(startAfter.getBytes(StandardCharsets.UTF_8));
  }

  private static String startAfter(String nextToken) {
    try {
      String name = new String(Base64.getUrlDecoder().decode(nextToken), StandardCharsets.UTF_8);
      if (QueueName.isLegal(name)) {
        return name;
      }
    } catch (IllegalArgumentException notBase64) {
      // Refused below, like any token that names no queue.
    }
    throw Refusal.invalid("Invalid or expired next token.");
  }

  private static Map<QueueAttribute, String> settings(Map<String, String> given, boolean creating) {
    Map<QueueAttribute, String> settings = new LinkedHashMap<>();
    for (Map.Entry<String, String> attribute : given.entrySet()) {
      settings.put(setting(attribute.getKey(), creating), attribute.getValue());
    }
    return Collections.unmodifiableMap(settings);
  }

  private static QueueAttribute setting(String name, boolean creating) {
    if (name.equals("FifoQueue") && !creating) {
      throw new Refusal(
          ErrorCode.INVALID_ATTRIBUTE_VALUE,
          "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not"
              + " supported.");
    }
    if (name.equals("DeduplicationScope") || name.equals("FifoThroughputLimit")) {
      throw new Refusal(
          ErrorCode.INVALID_ATTRIBUTE_NAME,
          "You can specify the " + name + " only when FifoQueue is set to true.");
    }
    return QueueAttribute.named(name)
        .filter(QueueAttribute::settable)
        .orElseThrow(() -> unknownAttribute(name));
  }

  private static Refusal unknownAttribute(String name) {
    return new Refusal(ErrorCode.INVALID_ATTRIBUTE_NAME, "Unknown Attribute " + name + ".");
  }

  private static Set<QueueAttribute> queueAttributes(List<String> names) {
    EnumSet<QueueAttribute> wanted = EnumSet.noneOf(QueueAttribute.class);
    for (String name : names) {
      if (name.equals("All")) {
        wanted.addAll(EnumSet.allOf(QueueAttribute.class));
      } else if (!OF_FIFO_QUEUES.contains(name)) {
        wanted.add(QueueAttribute.named(name).orElseThrow(() -> unknownAttribute(name)));
      }
    }
    return wanted;
  }
}
