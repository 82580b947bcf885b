package io.millrace.reports.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@link RunRecord} as JSON: two-space indented, fields in the order they are documented,
 * instants in ISO 8601 (UTC), an absent figure as {@code null}. Reading ignores fields it does not
 * know, so a newer writer of the same schema is still read.
 */
public final class RunRecordJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private RunRecordJson() {}

  /** A run record that cannot be understood. */
  public static final class UnreadableRecordException extends IOException {
    private static final long serialVersionUID = 1;

    UnreadableRecordException(String message) {
      super(message);
    }

    UnreadableRecordException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The record as a tree, such as to find one figure by its path. */
  public static JsonNode tree(RunRecord record) {
    return MAPPER.valueToTree(record);
  }

  /**
   * A part of the record as JSON text ending in a newline.
   *
   * @param part such as the plan
   */
  public static String partToJson(Record part) {
    return MAPPER.writeValueAsString(part) + "\n";
  }

  /** The record as JSON text ending in a newline. */
  public static String toJson(RunRecord record) {
    return MAPPER.writeValueAsString(record) + "\n";
  }

  /**
   * Reads a record from JSON text.
   *
   * @throws UnreadableRecordException if it is not JSON, of another schema, or incomplete
   */
  public static RunRecord fromJson(String json) throws UnreadableRecordException {
    try {
      JsonNode tree = MAPPER.readTree(json);
      int schema = tree.path("schema").asInt(0);
      if (schema != RunRecord.SCHEMA) {
        throw new UnreadableRecordException(
            "schema " + schema + " where " + RunRecord.SCHEMA + " is understood");
      }
      return MAPPER.treeToValue(tree, RunRecord.class);
    } catch (JacksonException e) {
      throw new UnreadableRecordException("not a run record: " + e.getOriginalMessage(), e);
    }
  }

  /** Writes a record to a file, replacing it. */
  public static void write(RunRecord record, Path file) throws IOException {
    Files.writeString(file, toJson(record));
  }

  /** Reads a record from a file. */
  public static RunRecord read(Path file) throws IOException {
    return fromJson(Files.readString(file));
  }
}
