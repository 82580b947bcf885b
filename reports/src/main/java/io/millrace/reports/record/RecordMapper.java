package io.millrace.reports.record;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** How records are read. */
final class RecordMapper {

  /** Ignores fields it does not know, so a newer writer of the same schema is still read. */
  static final JsonMapper LENIENT =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private RecordMapper() {}
}
