package io.millrace.jmh.load;

import java.util.ArrayList;
import java.util.List;

/**
 * A load with an intent: what is sent, how often, by which arrivals, and who receives.
 *
 * @param name of the workload
 * @param intent what it is to find out, one sentence
 * @param arrivals when messages are due
 * @param rates intended sends a second, one leg of the run for each; 0 for a load that only empties
 *     its backlog
 * @param seconds measured length of a leg, after its warm-up
 * @param messageBytes size of a body
 * @param durability the level of a server that the run starts
 * @param queues active queues, one leg for each entry
 * @param consumers polling consumers over all queues, one leg for each entry; at least one for each
 *     queue
 * @param handlerMs how long a consumer works on one message
 * @param waitSeconds how long a poll waits, 0 to 20
 * @param backlog messages that wait before the first consumer polls
 * @param sendsMax sends that may be under way at once
 * @param sloMs the limit for p99.9, in milliseconds
 */
record Workload(
    String name,
    String intent,
    Arrivals arrivals,
    List<Integer> rates,
    int seconds,
    int messageBytes,
    String durability,
    List<Integer> queues,
    List<Integer> consumers,
    int handlerMs,
    int waitSeconds,
    int backlog,
    int sendsMax,
    double sloMs) {

  Workload {
    rates = List.copyOf(rates);
    queues = List.copyOf(queues);
    consumers = List.copyOf(consumers);
  }

  /**
   * One leg: one point of the workload's lists.
   *
   * @param rate intended sends a second; 0 for none
   * @param queues active queues
   * @param consumers polling consumers over all queues
   */
  record Step(int rate, int queues, int consumers) {}

  /** Every combination of the lists, in their order. */
  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (int rate : rates) {
      for (int queueCount : queues) {
        for (int consumerCount : consumers) {
          steps.add(new Step(rate, queueCount, Math.max(consumerCount, queueCount)));
        }
      }
    }
    return steps;
  }

  /** This workload with what a command line may set instead. */
  Workload with(Arrivals otherArrivals, List<Integer> otherRates, int otherSeconds, String level) {
    return new Workload(
        name,
        intent,
        otherArrivals,
        otherRates,
        otherSeconds,
        messageBytes,
        level,
        queues,
        consumers,
        handlerMs,
        waitSeconds,
        backlog,
        sendsMax,
        sloMs);
  }
}
