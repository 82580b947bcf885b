@NullMarked
package io.millrace.jmh.run;

import org.jspecify.annotations.NullMarked;
