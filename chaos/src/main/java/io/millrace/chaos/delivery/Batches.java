package io.millrace.chaos.delivery;

import io.millrace.chaos.policy.Answer;
import io.millrace.chaos.policy.Chance;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Splits a batch into the entries that reach the service and those whose outcome is known without
 * it, and puts the outcomes together again in the order of the entries.
 */
final class Batches {

  private Batches() {}

  /**
   * A batch divided.
   *
   * @param <E> an entry
   * @param forwarded what the service is asked
   * @param known outcomes of the rest, by entry id
   * @param refused how many of those are refusals
   */
  record Split<E>(List<E> forwarded, Map<String, Reply.Entry> known, int refused) {}

  /**
   * Divides a batch.
   *
   * @param partial where some entries are to fail: each with probability one half, one at least
   * @param local the entries that are served here, with success
   */
  static <E> Split<E> split(
      List<E> entries, Function<E, String> id, Optional<Chance.Hit> partial, Predicate<E> local) {
    List<E> forwarded = new ArrayList<>(entries.size());
    Map<String, Reply.Entry> known = new HashMap<>();
    int refused = 0;
    int certain = partial.map(hit -> hit.below(Math.max(1, entries.size()))).orElse(-1);
    for (int i = 0; i < entries.size(); i++) {
      E entry = entries.get(i);
      boolean fails = i == certain || (partial.isPresent() && partial.get().flip());
      if (fails) {
        refused++;
        known.put(
            id.apply(entry),
            new Reply.Entry.Refused(id.apply(entry), Refusals.error(Answer.UNAVAILABLE)));
      } else if (local.test(entry)) {
        known.put(id.apply(entry), new Reply.Entry.Succeeded(id.apply(entry)));
      } else {
        forwarded.add(entry);
      }
    }
    return new Split<>(forwarded, known, refused);
  }

  /** The outcomes of all entries, from those of the forwarded ones and those known. */
  static <E> Reply join(List<E> entries, Function<E, String> id, Split<E> split, Reply served) {
    if (split.known().isEmpty() || !(served instanceof Reply.BatchDone done)) {
      return served;
    }
    Map<String, Reply.Entry> all = new HashMap<>(split.known());
    done.entries().forEach(entry -> all.put(entry.id(), entry));
    List<Reply.Entry> ordered = new ArrayList<>(entries.size());
    for (E entry : entries) {
      Reply.Entry outcome = all.get(id.apply(entry));
      if (outcome != null) {
        ordered.add(outcome);
      }
    }
    return new Reply.BatchDone(ordered);
  }

  static final Reply EMPTY = new Reply.BatchDone(List.of());

  static String id(Request.SendEntry entry) {
    return entry.id();
  }

  static String id(Request.DeleteEntry entry) {
    return entry.id();
  }

  static String id(Request.VisibilityEntry entry) {
    return entry.id();
  }
}
