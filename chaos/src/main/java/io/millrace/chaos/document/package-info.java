/**
 * Documents that people write, read with complaints that name the line.
 *
 * <p>Lives here: {@link io.millrace.chaos.document.MarkedDocument}, a YAML (or JSON) text whose
 * nodes remember where they stand.
 *
 * <p>May import: the JDK, SnakeYAML Engine. It knows no subject: what a field means is its
 * reader's.
 *
 * <p>Invariants: what is unknown is a complaint, never passed over; complaints come in the order of
 * the document, and all of them at once.
 *
 * <p>Threads: a document belongs to the thread that reads it.
 */
@NullMarked
package io.millrace.chaos.document;

import org.jspecify.annotations.NullMarked;
