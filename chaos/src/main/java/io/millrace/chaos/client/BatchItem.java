package io.millrace.chaos.client;

import java.util.ArrayList;
import java.util.List;

/**
 * One entry of a batch request.
 *
 * @param <T> what the entry is about
 * @param id the entry's id, the client's choice; SQS wants up to 80 letters, digits, hyphens and
 *     underscores, distinct in the batch
 * @param content what the entry is about
 */
public record BatchItem<T>(String id, T content) {

  /** Entries with the ids "0", "1" and so on. */
  public static <T> List<BatchItem<T>> numbered(List<T> contents) {
    List<BatchItem<T>> items = new ArrayList<>(contents.size());
    for (int i = 0; i < contents.size(); i++) {
      items.add(new BatchItem<>(Integer.toString(i), contents.get(i)));
    }
    return items;
  }

  /** How many different ids some entries have. */
  static <T> int distinctIds(List<BatchItem<T>> items) {
    return (int) items.stream().map(BatchItem::id).distinct().count();
  }
}
