package io.millrace.chaos.client;

/**
 * A message attribute with a text value.
 *
 * @param type {@code String} or {@code Number}, with or without a label, such as {@code Number.int}
 * @param value the value, not empty
 */
public record Attribute(String type, String value) {}
