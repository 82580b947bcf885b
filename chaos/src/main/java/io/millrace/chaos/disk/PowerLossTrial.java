package io.millrace.chaos.disk;

import io.millrace.chaos.check.Evidence;
import io.millrace.chaos.check.Finding;
import io.millrace.chaos.check.Invariant;
import io.millrace.chaos.check.InvariantVerdict;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.JudgementText;
import io.millrace.chaos.check.Verdict;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.MemoryHistory;
import io.millrace.chaos.history.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Cuts the power of real engines and sees what comes back. An engine lives under traffic while its
 * storage writes down what is durable; at chosen moments the state of the disk is captured; from
 * each capture images are drawn, page by page; each image is opened, drained and judged.
 *
 * <pre>
 *   life ──┬── cut ──┬── image ── engine ── drained ── judged
 *          ├── cut   └── image ── engine ── cut again ── image ── engine ── drained ── judged
 *          └── ...
 * </pre>
 *
 * <p>One thread runs it; used once.
 */
public final class PowerLossTrial {

  private static final int IMAGES_PER_CUT = 2;

  private final PowerLossPlan plan;
  private final TrialSink sink;
  private final Device below;
  private final Map<PageStrategy, Integer> byStrategy = new EnumMap<>(PageStrategy.class);
  private final Map<Moment, Integer> byMoment = new EnumMap<>(Moment.class);
  private final Map<RareSight, Integer> states = new EnumMap<>(RareSight.class);
  private final Map<Invariant, PowerLossResult.Tally> verdicts = new EnumMap<>(Invariant.class);
  private final List<ImageFailure> failures = new ArrayList<>();
  private int images;
  private int lives;
  private int cuts;
  private int withLoss;
  private long pagesLost;
  private long pagesTorn;
  private long tailKept;
  private long tailLost;
  private long forcesFailed;
  private int enginesBroken;
  private long powerCuts;

  private PowerLossTrial(PowerLossPlan plan, TrialSink sink, Device below) {
    this.plan = plan;
    this.sink = sink;
    this.below = below;
  }

  /**
   * Runs a trial.
   *
   * @param sink hears of progress and failures
   * @throws IOException if the machine's own file system fails
   * @throws IllegalStateException if an engine broke without any cut
   */
  public static PowerLossResult run(PowerLossPlan plan, TrialSink sink) throws IOException {
    return run(plan, sink, Device.SOUND);
  }

  /**
   * Runs a trial on a disk that is not what engines take it for.
   *
   * @param below what becomes of the engines' forces
   */
  static PowerLossResult run(PowerLossPlan plan, TrialSink sink, Device below) throws IOException {
    return new PowerLossTrial(plan, sink, below).run();
  }

  private PowerLossResult run() throws IOException {
    long startedAt = System.nanoTime();
    Path work = Files.createTempDirectory("millrace-disk");
    try {
      while (images < plan.images() && sink.goesOn()) {
        long seed = plan.seed() + lives;
        lives++;
        oneLife(seed, work);
      }
    } finally {
      Trees.remove(work);
    }
    Map<FaultKind, Long> faults = new EnumMap<>(FaultKind.class);
    faults.put(FaultKind.POWER_CUT, powerCuts);
    faults.put(FaultKind.FORCE_FAILED, forcesFailed);
    return new PowerLossResult(
        plan,
        images,
        lives,
        enginesBroken,
        cuts,
        (System.nanoTime() - startedAt) / 1e9,
        faults,
        byStrategy,
        byMoment,
        states,
        verdicts,
        withLoss,
        pagesLost,
        pagesTorn,
        tailKept,
        tailLost,
        failures);
  }

  private void oneLife(long seed, Path work) throws IOException {
    Path base = Files.createTempDirectory(work, "life");
    EngineLife life;
    try {
      life = EngineLife.live(seed, plan.profile(), below, base);
    } finally {
      Trees.remove(base);
    }
    forcesFailed += life.forcesFailed();
    enginesBroken += life.failure().isPresent() ? 1 : 0;
    if (life.failure().isPresent() && below == Device.SOUND) {
      throw new IllegalStateException(
          "the engine of seed " + seed + " broke without a cut", life.failure().get());
    }
    SplittableRandom random = new SplittableRandom(~seed);
    List<Capture> order = new ArrayList<>(life.cuts());
    for (int i = order.size() - 1; i > 0; i--) {
      order.add(order.remove(random.nextInt(i + 1)));
    }
    int end = Math.min(plan.images(), images + PowerLossPlan.IMAGES_PER_LIFE);
    PageStrategy[] strategies = PageStrategy.values();
    int turn = random.nextInt(strategies.length);
    for (Capture cut : order) {
      cuts++;
      for (int i = 0; i < IMAGES_PER_CUT && images < end && sink.goesOn(); i++) {
        PageStrategy strategy = strategies[turn++ % strategies.length];
        oneImage(seed, life, cut, strategy, random.nextLong(), work);
      }
      if (images == end || !sink.goesOn()) {
        return;
      }
    }
  }

  private void oneImage(
      long seed, EngineLife life, Capture cut, PageStrategy strategy, long imageSeed, Path work)
      throws IOException {
    Path base = Files.createTempDirectory(work, "image");
    ImageResult result;
    try {
      result =
          new ImageTrial(life, plan.profile(), imageSeed, base).run(cut, life.history(), strategy);
    } finally {
      Trees.remove(base);
    }
    images++;
    count(result, strategy);
    if (!result.failures().isEmpty()) {
      Path evidence = keepEvidence(seed, life, cut, strategy, imageSeed, result);
      for (ImageResult.Wrong wrong : result.failures()) {
        ImageFailure failure =
            new ImageFailure(
                seed,
                cut.moment(),
                strategy,
                plan.profile(),
                wrong.kind(),
                wrong.sentence(),
                evidence);
        failures.add(failure);
        sink.failed(failure);
      }
    }
    sink.judged(images, plan.images());
  }

  private void count(ImageResult result, PageStrategy strategy) {
    byStrategy.merge(strategy, 1, Integer::sum);
    result.moments().forEach(moment -> byMoment.merge(moment, 1, Integer::sum));
    result.states().forEach(state -> states.merge(state, 1, Integer::sum));
    powerCuts += result.moments().size();
    CrashImage.Drawn drawn = result.drawn();
    withLoss += drawn.pagesLost() + drawn.namesLost() > 0 ? 1 : 0;
    pagesLost += drawn.pagesLost();
    pagesTorn += drawn.pagesTorn();
    tailKept += result.tailKept();
    tailLost += result.tailLost();
    if (result.judgement().isPresent()) {
      for (InvariantVerdict each : result.judgement().get().verdicts()) {
        verdicts.merge(each.invariant(), tallyOf(each.verdict()), PowerLossTrial::sum);
      }
    }
  }

  private static PowerLossResult.Tally tallyOf(Verdict verdict) {
    return new PowerLossResult.Tally(
        verdict instanceof Verdict.Valid ? 1 : 0,
        verdict instanceof Verdict.Invalid ? 1 : 0,
        verdict instanceof Verdict.Unknown ? 1 : 0);
  }

  private static PowerLossResult.Tally sum(PowerLossResult.Tally one, PowerLossResult.Tally two) {
    return new PowerLossResult.Tally(
        one.valid() + two.valid(), one.invalid() + two.invalid(), one.unknown() + two.unknown());
  }

  /** Keeps the image as it was before it was opened, the history and the verdicts. */
  private Path keepEvidence(
      long seed,
      EngineLife life,
      Capture cut,
      PageStrategy strategy,
      long imageSeed,
      ImageResult result)
      throws IOException {
    Path evidence = plan.out().resolve("seed-%d-image-%d".formatted(seed, images));
    Path image = Files.createDirectories(evidence.resolve("image"));
    CrashImage.write(cut, strategy, plan.profile(), new SplittableRandom(imageSeed).split(), image);
    MemoryHistory kept = new MemoryHistory();
    for (Entry entry : result.history()) {
      kept.append(entry);
    }
    Origin origin = life.clock().origin();
    kept.write(Files.createDirectories(evidence.resolve("history")), origin);
    StringBuilder text = new StringBuilder();
    result
        .failures()
        .forEach(
            wrong -> text.append(wrong.kind()).append(": ").append(wrong.sentence()).append('\n'));
    text.append("cuts: ").append(result.moments()).append(", at the first: ").append(cut.what());
    text.append("\nimage: ").append(strategy.label()).append(", ").append(result.drawn());
    text.append("\nagain: ./millrace chaos disk --seed ").append(seed);
    text.append(" --images ").append(PowerLossPlan.IMAGES_PER_LIFE);
    text.append(" --profile ").append(plan.profile().label()).append("\n\n");
    if (result.judgement().isPresent()) {
      Judgement judgement = result.judgement().get();
      Set<Long> accused =
          judgement.findings().stream().map(Finding::attempt).collect(Collectors.toSet());
      text.append(JudgementText.of(judgement, Evidence.gather(result.history(), accused)));
    }
    Files.writeString(evidence.resolve("verdict.txt"), text);
    return evidence;
  }
}
