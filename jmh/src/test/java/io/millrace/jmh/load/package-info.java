@NullMarked
package io.millrace.jmh.load;

import org.jspecify.annotations.NullMarked;
