/** Tests of what the page draws with. */
@NullMarked
package io.millrace.reports.page;

import org.jspecify.annotations.NullMarked;
