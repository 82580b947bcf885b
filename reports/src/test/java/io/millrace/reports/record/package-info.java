/** Tests of the run record, at its public door. */
@NullMarked
package io.millrace.reports.record;

import org.jspecify.annotations.NullMarked;
