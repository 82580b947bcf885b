package io.millrace.chaos.disk;

import io.millrace.chaos.check.Invariant;
import io.millrace.chaos.disk.PowerLossResult.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the disk tier found, as text for a terminal. */
public final class DiskReport {

  private DiskReport() {}

  /** One failure, with the command that runs it again. */
  public static String line(ImageFailure failure) {
    return String.format(
        Locale.ROOT,
        "%s at %s, %s: %s%n  evidence: %s%n  again: ./millrace chaos disk --seed %d --images %d --profile %s",
        failure.kind(),
        failure.moment().label(),
        failure.strategy().label(),
        failure.sentence(),
        failure.evidence(),
        failure.seed(),
        PowerLossPlan.IMAGES_PER_LIFE,
        failure.profile().label());
  }

  /** The trial of one fault. */
  public static String line(FaultResult result) {
    return String.format(
        Locale.ROOT, "%-8s %-14s %s", result.ending(), result.kind().label(), result.detail());
  }

  /** A summary. */
  public static List<String> lines(PowerLossResult result) {
    List<String> lines = new ArrayList<>();
    String word = result.isValid() ? "VALID" : "UNKNOWN";
    lines.add(
        String.format(
            Locale.ROOT,
            "%s, profile %s: %d images of %d cuts in %d lives, %.1f s",
            result.failures().isEmpty() ? word : "INVALID",
            result.plan().profile().label(),
            result.images(),
            result.cuts(),
            result.lives(),
            result.seconds()));
    for (ImageFailure.Kind kind : ImageFailure.Kind.values()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-14s %d",
              kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
              result.failures(kind)));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "  %d images lacked something that was written: %d pages lost, %d torn",
            result.withLoss(),
            result.pagesLost(),
            result.pagesTorn()));
    lines.add(
        String.format(
            Locale.ROOT,
            "  sends under way at a cut: %d came, %d did not",
            result.tailKept(),
            result.tailLost()));
    lines.add("  images: " + join(result.byStrategy(), PageStrategy::label));
    lines.add("  cuts at: " + join(result.byMoment(), Moment::label));
    lines.add("  rare states: " + join(result.states(), RareSight::label));
    lines.add(
        "  faults: "
            + result.faults().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> each.getKey().label() + " " + each.getValue())
                .collect(Collectors.joining(", ")));
    for (Invariant invariant : Invariant.values()) {
      Tally tally = result.verdicts().getOrDefault(invariant, Tally.NONE);
      if (tally.valid() + tally.invalid() > 0) {
        lines.add(
            String.format(
                Locale.ROOT,
                "  %-24s %d valid, %d invalid, %d unknown",
                invariant.label(),
                tally.valid(),
                tally.invalid(),
                tally.unknown()));
      }
    }
    return lines;
  }

  private static <K extends Enum<K>> String join(
      Map<K, Integer> counts, Function<K, String> label) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> label.apply(each.getKey()) + " " + each.getValue())
        .collect(Collectors.joining(", "));
  }
}
