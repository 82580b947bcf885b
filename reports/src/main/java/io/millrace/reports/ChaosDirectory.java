package io.millrace.reports;

import io.millrace.reports.page.ChaosPage;
import io.millrace.reports.page.PublishedPage;
import io.millrace.reports.record.ChaosRecord;
import io.millrace.reports.record.ChaosRecord.PartJudgement;
import io.millrace.reports.record.Circumstances;
import io.millrace.reports.record.RunRecordJson;
import io.millrace.reports.record.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of one fault experiment.
 *
 * <pre>
 * verdict.json                  the record
 * plan.json, scenario.yaml      what was set out to do
 * circumstances.json            when, where and from what it was made
 * NNN-PART/judgement.json       what the judge said of the part's history
 * NNN-PART/report.txt           what a trial of power cuts said
 * report.html                   the page
 * MANIFEST.sha256               the hash of each of them but the page
 * </pre>
 *
 * @param path the directory; exists
 */
public record ChaosDirectory(Path path) implements Bundle {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String CIRCUMSTANCES = "circumstances.json";
  private static final String JUDGEMENT = "judgement.json";
  private static final List<String> OF_THE_RUN =
      List.of("plan.json", "scenario.yaml", CIRCUMSTANCES);
  private static final List<String> OF_A_PART = List.of(JUDGEMENT, "report.txt");

  /**
   * Writes when, where and from what the run was made, then its page and the manifest.
   *
   * @throws IOException if the record is not there or cannot be read, or a file cannot be written
   */
  public void finish(Circumstances circumstances) throws IOException {
    Files.writeString(path.resolve(CIRCUMSTANCES), RunRecordJson.partToJson(circumstances));
    finish();
  }

  /** The record's file, whatever it is called; empty where there is none. */
  Optional<Path> recordFile() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      for (Path file :
          files.filter(each -> Bundle.nameOf(each).endsWith(".json")).sorted().toList()) {
        if (isRecord(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isRecord(Path file) throws IOException {
    try {
      return Files.isRegularFile(file) && ChaosRecord.is(MAPPER.readTree(Files.readString(file)));
    } catch (JacksonException e) {
      return false; // not JSON, so another program's file
    }
  }

  @Override
  public List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    recordFile().ifPresent(file -> sources.add(Bundle.nameOf(file)));
    OF_THE_RUN.stream().filter(name -> Files.exists(path.resolve(name))).forEach(sources::add);
    try (Stream<Path> files = Files.walk(path, 2)) {
      files
          .filter(file -> !path.equals(file.getParent()) && OF_A_PART.contains(Bundle.nameOf(file)))
          .map(file -> path.relativize(file).toString())
          .sorted()
          .forEach(sources::add);
    }
    return sources;
  }

  @Override
  public String page() throws IOException {
    ChaosRecord record = record();
    List<ChaosPage.Part> parts = new ArrayList<>();
    for (int i = 0; i < record.parts().size(); i++) {
      parts.add(new ChaosPage.Part(record.parts().get(i), judgement(record, i)));
    }
    return new ChaosPage(record, circumstances(), parts, sources()).render();
  }

  /** The verdicts, and of each part that has a judgement what fired. */
  @Override
  public Recomputation recompute() throws IOException {
    Recomputation again = new Recomputation();
    ChaosRecord record = record();
    Verdict worst = Verdict.VALID;
    for (int i = 0; i < record.parts().size(); i++) {
      ChaosRecord.Part part = record.parts().get(i);
      worst = worse(worst, part.verdict());
      Optional<PartJudgement> judged = judgement(record, i);
      if (judged.isPresent()) {
        PartJudgement judgement = judged.get();
        String name = folder(record, i);
        again.figure(name + ", verdict", part.verdict(), judgement.verdict());
        again.figures(
            part.fired().size(), name + ", fired", part.fired(), new TreeMap<>(judgement.fired()));
        boolean violated =
            judgement.invariants().stream().anyMatch(each -> each.verdict() == Verdict.INVALID);
        again.figure(
            name + ", a guarantee broken", judgement.verdict() == Verdict.INVALID, violated);
      } else {
        again.cannot("what part " + part.part() + " found: no judgement of it is kept");
      }
    }
    // A rare state that never occurred makes a run UNKNOWN whose every part is valid.
    if (!(record.verdict() == Verdict.UNKNOWN && worst == Verdict.VALID)) {
      again.figure("verdict", record.verdict(), worst);
    }
    again.cannot(
        "what each judgement says: it was made from the part's history, which is not part of a"
            + " bundle; chaos check judges a history that was kept");
    return again;
  }

  private static Verdict worse(Verdict a, Verdict b) {
    if (a == Verdict.INVALID || b == Verdict.INVALID) {
      return Verdict.INVALID;
    }
    return a == Verdict.UNKNOWN ? a : b;
  }

  @Override
  public PublishedPage.Published listed(String directory) throws IOException {
    return new ChaosPage(record(), circumstances(), List.of(), sources()).listed(directory);
  }

  @Override
  public String defaultName() throws IOException {
    String word = "chaos-" + record().scenario();
    Optional<Instant> started = circumstances().map(Circumstances::startedAt);
    return started.isPresent() ? Bundle.named(started.get(), word) : word;
  }

  private Optional<Circumstances> circumstances() throws IOException {
    Path file = path.resolve(CIRCUMSTANCES);
    return Files.exists(file) ? Optional.of(ChaosRecord.readCircumstances(file)) : Optional.empty();
  }

  private Optional<PartJudgement> judgement(ChaosRecord record, int index) throws IOException {
    Path file = path.resolve(folder(record, index)).resolve(JUDGEMENT);
    return Files.exists(file) ? Optional.of(ChaosRecord.readJudgement(file)) : Optional.empty();
  }

  /** A part's folder lies below the run's, whatever its record says. */
  private static String folder(ChaosRecord record, int index) {
    String title = record.parts().get(index).part().replaceAll("[^A-Za-z0-9._-]", "-");
    return String.format(Locale.ROOT, "%03d-%s", index + 1, title);
  }

  private ChaosRecord record() throws IOException {
    return ChaosRecord.read(
        recordFile().orElseThrow(() -> new IOException(path + " holds no verdict.json")));
  }
}
