package io.millrace.reports;

import io.millrace.reports.compare.BenchReader;
import io.millrace.reports.compare.Side;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.RunRecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds what one side of a comparison measured, wherever the user points. */
final class Sides {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String JSON = ".json";

  private Sides() {}

  /** A path at which nothing was measured. */
  static final class NothingMeasuredException extends Exception {
    private static final long serialVersionUID = 1;

    NothingMeasuredException(String message) {
      super(message);
    }
  }

  /**
   * Reads a run's directory, a folder of several, the record of a harness, a folder of several, or
   * a load run's directory, whose legs are no runs of their own here.
   *
   * @throws NothingMeasuredException if there is none of these
   * @throws IOException if one of them cannot be read
   */
  static Side read(Path path) throws IOException, NothingMeasuredException {
    if (Files.isRegularFile(path)) {
      return benches(path, List.of(path));
    }
    if (!Files.isDirectory(path)) {
      throw new NothingMeasuredException("there is no " + path);
    }
    Optional<Path> load = new LoadDirectory(path).recordFile();
    if (load.isPresent()) {
      return benches(path, List.of(load.get()));
    }
    List<RunDirectory> runs =
        Stream.concat(Stream.of(path), list(path).stream())
            .map(RunDirectory::new)
            .filter(run -> Files.isRegularFile(run.recordFile()))
            .toList();
    if (!runs.isEmpty()) {
      return runs(path, runs);
    }
    return benches(
        path, list(path).stream().filter(file -> file.toString().endsWith(JSON)).toList());
  }

  private static Side runs(Path path, List<RunDirectory> directories) throws IOException {
    List<Side.Run> runs = new ArrayList<>();
    for (RunDirectory directory : directories) {
      RunRecord record = RunRecordJson.read(directory.recordFile());
      runs.add(
          new Side.Run(
              record,
              LatencyLog.read(
                  directory.latencyLog(), record.windows(), record.started().toEpochMilli())));
    }
    return new Side.Runs(path.toString(), runs);
  }

  private static Side benches(Path path, List<Path> files)
      throws IOException, NothingMeasuredException {
    List<JsonNode> records = new ArrayList<>();
    for (Path file : files) {
      try {
        JsonNode json = MAPPER.readTree(Files.readString(file));
        if (BenchReader.isRecord(json)) {
          records.add(json);
        }
      } catch (JacksonException e) {
        throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
      }
    }
    if (records.isEmpty()) {
      throw new NothingMeasuredException(
          path + " is neither a run nor the record of a harness, and holds none");
    }
    return BenchReader.read(path.toString(), records);
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
