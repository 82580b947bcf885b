package io.millrace.chaos.client;

import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.HistorySink;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.history.QueueSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes, sets and deletes a target's queues, gives them their numbers and writes it all down.
 *
 * <p>Belongs to one thread, as its log does.
 */
public final class QueueRegister {

  private final Target target;
  private final Recorder recorder;
  private final Origin origin;
  private final List<String> names = new ArrayList<>();
  private final List<QueueSettings> settings = new ArrayList<>();

  /**
   * A register without queues; writes down what the target declares of itself.
   *
   * @param session the number of the session log it is kept in
   * @param log that log; closed by whoever made it
   */
  public QueueRegister(Target target, int session, HistorySink log, Origin origin) {
    this.target = target;
    this.recorder = new Recorder(session, log);
    this.origin = origin;
    log.append(
        new Entry.Target(
            session, origin.elapsedNs(), target.caps().name(), target.caps().survival()));
  }

  /**
   * A queue of a run.
   *
   * @param number its number in the history
   * @param name its name
   * @param settings in force
   * @param outcome how its making or setting ended
   */
  public record Numbered(int number, String name, QueueSettings settings, Outcome<Done> outcome) {}

  /** Makes a queue; its dead-letter queue, if it has one, was made before. */
  public Numbered create(String name, QueueSettings itsSettings) {
    long invokedNs = origin.elapsedNs();
    Outcome<Done> outcome = target.createQueue(name, itsSettings, deadLetters(itsSettings));
    int number = names.size();
    names.add(name);
    settings.add(itsSettings);
    note(invokedNs, Entry.QueueChange.CREATED, number, outcome);
    return new Numbered(number, name, itsSettings, outcome);
  }

  /** Sets a queue's settings. */
  public Numbered set(int number, QueueSettings itsSettings) {
    long invokedNs = origin.elapsedNs();
    Outcome<Done> outcome =
        target.setSettings(names.get(number), itsSettings, deadLetters(itsSettings));
    settings.set(number, itsSettings);
    note(invokedNs, Entry.QueueChange.SET, number, outcome);
    return new Numbered(number, names.get(number), itsSettings, outcome);
  }

  /** Deletes a queue. Its number is not given again. */
  public Outcome<Done> delete(int number) {
    long invokedNs = origin.elapsedNs();
    Outcome<Done> outcome = target.deleteQueue(names.get(number));
    note(invokedNs, Entry.QueueChange.DELETED, number, outcome);
    return outcome;
  }

  private void note(long invokedNs, Entry.QueueChange change, int number, Outcome<Done> outcome) {
    recorder.queue(
        new Recorder.Span(invokedNs, origin.elapsedNs()),
        change,
        number,
        names.get(number),
        settings.get(number),
        outcome);
  }

  private String deadLetters(QueueSettings itsSettings) {
    return itsSettings.hasDeadLetters() ? names.get(itsSettings.deadLetterQueue()) : "";
  }
}
