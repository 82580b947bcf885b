package io.millrace.reports;

import io.millrace.reports.record.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a run is what it says: its files are those of its manifest, its figures come out again
 * from the raw histograms, and its page says what its record says.
 *
 * <p>What cannot be computed again, because what it was made from is not part of a bundle, is
 * named. The pages inside a page are verified with it.
 *
 * @param files how many files the manifests name
 * @param figures how many figures were computed again
 * @param differences a sentence each; none when all is as it says
 * @param notComputed what is taken as the record has it, a sentence each
 */
record Verification(int files, long figures, List<String> differences, List<String> notComputed) {
  /** Copies the lists. */
  Verification {
    differences = List.copyOf(differences);
    notComputed = List.copyOf(notComputed);
  }

  /**
   * Verifies a run.
   *
   * @throws IOException if its record or a file it takes cannot be read
   */
  static Verification of(Bundle run) throws IOException {
    List<String> differences = new ArrayList<>();
    int files = 0;
    if (Files.exists(run.manifestFile())) {
      Manifest manifest = Manifest.read(run.manifestFile());
      files = manifest.hashes().size();
      differences.addAll(manifest.differences(run.path()));
      for (String name : run.sources()) {
        if (!manifest.hashes().containsKey(name)) {
          differences.add(name + " is not in the manifest");
        }
      }
    } else {
      differences.add("there is no " + run.manifestFile().getFileName());
    }
    Recomputation again = run.recompute();
    differences.addAll(again.differences());
    comparePage(run, differences);
    long figures = again.figures();
    Set<String> notComputed = new LinkedHashSet<>(again.notComputed());
    for (Bundle part : run.parts()) {
      Verification inside = of(part);
      files += inside.files;
      figures += inside.figures;
      String folder = part.path().getFileName() + ": ";
      inside.differences.forEach(each -> differences.add(folder + each));
      inside.notComputed.forEach(each -> notComputed.add("of its legs, " + each));
    }
    return new Verification(files, figures, differences, List.copyOf(notComputed));
  }

  /** Whether all is as it says. */
  boolean holds() {
    return differences.isEmpty();
  }

  /** The lines printed. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("files       " + Figures.count(files) + " in the manifest");
    lines.add("figures     " + Figures.count(figures) + " computed again");
    notComputed.forEach(each -> lines.add("as recorded " + each));
    lines.add(holds() ? "verified    all is as it says" : "differs     in what follows");
    differences.forEach(difference -> lines.add("            " + difference));
    return lines;
  }

  /** Word by word, so that a page of other markup that says the same is the same. */
  private static void comparePage(Bundle run, List<String> differences) throws IOException {
    if (!Files.exists(run.pageFile())) {
      differences.add("report.html is missing; report render makes it again");
      return;
    }
    List<String> said = words(Files.readString(run.pageFile()));
    List<String> says = words(run.page());
    int at = 0;
    while (at < said.size() && at < says.size() && said.get(at).equals(says.get(at))) {
      at++;
    }
    if (at < said.size() || at < says.size()) {
      differences.add(
          "report.html says \""
              + around(said, at)
              + "\" where the record makes \""
              + around(says, at)
              + "\"");
    }
  }

  private static String around(List<String> words, int at) {
    return String.join(" ", words.subList(Math.max(0, at - 4), Math.min(words.size(), at + 4)));
  }

  private static List<String> words(String html) {
    String text =
        html.replaceAll("(?s)<(style|script)\\b.*?</\\1>", " ")
            .replaceAll("(?s)<[^>]*>", " ")
            .strip();
    return List.of(text.split("\\s+", -1));
  }
}
