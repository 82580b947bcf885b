package io.millrace.chaos.client;

import io.millrace.chaos.history.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a batch request ended.
 *
 * @param <T> what the server answers to an entry
 * @param whole how the request ended as a whole; its answer says what the server's lists held
 * @param entries one outcome for each entry of the request, in its order
 */
public record BatchOutcome<T>(Outcome<Answer> whole, List<Outcome<T>> entries) {

  /** Copies the outcomes. */
  public BatchOutcome {
    entries = List.copyOf(entries);
  }

  /**
   * What the lists of an answer held.
   *
   * @param successful ids of the request that were named as done
   * @param failed ids of the request that were named as refused
   * @param stray ids the request had not, or that were named twice
   */
  public record Answer(int successful, int failed, int stray) {}

  /**
   * One entry of the server's answer.
   *
   * @param <T> what the server answers to an entry
   * @param id the id it names
   * @param outcome what it says of it
   */
  public record Named<T>(String id, Outcome<T> outcome) {}

  /** A batch without an answer: refused whole, or of unknown outcome; so is each of its entries. */
  public static <T> BatchOutcome<T> withoutAnswer(Outcome<Answer> whole, int size) {
    Outcome<T> each =
        whole instanceof Outcome.Fail
            ? new Outcome.Fail<>(whole.code())
            : new Outcome.Unknown<>(whole.code());
    return new BatchOutcome<>(whole, Collections.nCopies(size, each));
  }

  /**
   * A batch with an answer. An entry that the answer names nowhere has an unknown outcome.
   *
   * @param ids of the request, in its order
   * @param answer everything the server's lists held
   */
  public static <T> BatchOutcome<T> of(List<String> ids, List<Named<T>> answer) {
    Map<String, Outcome<T>> byId = new HashMap<>();
    int stray = 0;
    for (Named<T> named : answer) {
      if (!ids.contains(named.id()) || byId.putIfAbsent(named.id(), named.outcome()) != null) {
        stray++;
      }
    }
    int successful = 0;
    for (Outcome<T> outcome : byId.values()) {
      if (outcome instanceof Outcome.Ok) {
        successful++;
      }
    }
    List<Outcome<T>> entries = new ArrayList<>(ids.size());
    for (String id : ids) {
      entries.add(byId.getOrDefault(id, new Outcome.Unknown<>(Entry.NOT_IN_ANSWER)));
    }
    int named = (int) ids.stream().distinct().filter(byId::containsKey).count();
    return new BatchOutcome<>(
        new Outcome.Ok<>(new Answer(successful, named - successful, stray)), entries);
  }
}
