@NullMarked
package io.millrace.jmh.check;

import org.jspecify.annotations.NullMarked;
