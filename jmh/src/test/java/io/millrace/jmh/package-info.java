@NullMarked
package io.millrace.jmh;

import org.jspecify.annotations.NullMarked;
