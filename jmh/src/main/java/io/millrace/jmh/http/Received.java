package io.millrace.jmh.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The receipt handles and bodies of a ReceiveMessage answer in AWS JSON, found by their field
 * names: a quote inside a string is escaped, so a field's name with its quotes stands nowhere else.
 * Meant for answers whose handles and bodies hold no escapes themselves, as those the harnesses
 * send.
 */
public final class Received {

  private static final String HANDLE = "\"ReceiptHandle\":\"";
  private static final String BODY = "\"Body\":\"";

  private Received() {}

  /** The receipt handles, in the answer's order; empty if it holds no message. */
  public static List<String> handles(String answer) {
    return values(answer, HANDLE);
  }

  /** The bodies, in the answer's order. */
  public static List<String> bodies(String answer) {
    return values(answer, BODY);
  }

  private static List<String> values(String answer, String field) {
    List<String> values = new ArrayList<>();
    int at = answer.indexOf(field);
    while (at >= 0) {
      int from = at + field.length();
      int to = answer.indexOf('"', from);
      values.add(answer.substring(from, to));
      at = answer.indexOf(field, to);
    }
    return values;
  }
}
