@NullMarked
package io.millrace.chaos;

import org.jspecify.annotations.NullMarked;
