@NullMarked
package io.millrace.jmh.memory;

import org.jspecify.annotations.NullMarked;
