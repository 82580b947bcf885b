/**
 * The dashboards, written as code and held to the engine.
 *
 * <p>Lives here: a small writer of Grafana's classic JSON model ({@link
 * io.millrace.dashboards.Dashboard}, {@link io.millrace.dashboards.Panel}), the dashboards
 * themselves, one class each, and the tests that compare the committed files with what the code
 * writes, lint them, and look up every metric they name in a scrape of the engine's own admin port.
 *
 * <p>Metric names come from the engine's constants, so that a renamed metric does not compile here.
 */
@NullMarked
package io.millrace.dashboards;

import org.jspecify.annotations.NullMarked;
