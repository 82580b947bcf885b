package io.millrace.engine.wire;

import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.SqsError;

/**
 * Names queues by URL: {@code http://HOST/ACCOUNT/NAME}. Of a URL given only the path counts, so a
 * client may reach the endpoint under any host; a bare name is taken too.
 */
final class QueueUrls {

  private final String account;

  QueueUrls(String account) {
    this.account = account;
  }

  /**
   * The queue a URL names.
   *
   * @throws Refusal as for a missing queue, if it names another account's or none that could exist
   */
  QueueName nameIn(String url) {
    int end = url.length();
    if (end > 0 && url.charAt(end - 1) == '/') {
      end--;
    }
    int nameAt = url.lastIndexOf('/', end - 1) + 1;
    String name = url.substring(nameAt, end);
    boolean ours =
        nameAt == 0
            || (nameAt > account.length()
                && url.startsWith(account, nameAt - 1 - account.length())
                && (nameAt - 1 == account.length()
                    || url.charAt(nameAt - 2 - account.length()) == '/'));
    if (!ours || !QueueName.isLegal(name)) {
      throw new Refusal(SqsError.QUEUE_MISSING);
    }
    return new QueueName(name);
  }

  /** Writes a queue's URL as the client that asked under this host can use it. */
  String url(String host, QueueName queue) {
    return "http://" + host + "/" + account + "/" + queue.value();
  }
}
