package io.millrace.reports.compare;

/**
 * An interval that holds a ratio in 95 of 100 cases, as far as what was drawn from varies as the
 * figure does.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Interval(double low, double high) {}
