@NullMarked
package io.millrace.chaos.sim;

import org.jspecify.annotations.NullMarked;
