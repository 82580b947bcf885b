/**
 * The benchmarks' command line, {@code ./millrace bench}, and nothing else: it picks the harness
 * that its package owns.
 */
@NullMarked
package io.millrace.jmh;

import org.jspecify.annotations.NullMarked;
