/** Tests of the journal: one contract for both implementations, then what only a disk can do. */
@NullMarked
package io.millrace.engine.journal;

import org.jspecify.annotations.NullMarked;
