/** Tests of the intervals. */
@NullMarked
package io.millrace.reports.compare;

import org.jspecify.annotations.NullMarked;
