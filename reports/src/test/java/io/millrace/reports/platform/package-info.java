/** Tests of the meters and the environment capture. */
@NullMarked
package io.millrace.reports.platform;

import org.jspecify.annotations.NullMarked;
