/** Tests of the queue machine at its door, under a manual clock. */
@NullMarked
package io.millrace.engine.queue;

import org.jspecify.annotations.NullMarked;
