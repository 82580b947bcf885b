/** Tests of the module's doors, and {@link io.millrace.reports.SyntheticRun} that they share. */
@NullMarked
package io.millrace.reports;

import org.jspecify.annotations.NullMarked;
