@NullMarked
package io.millrace.chaos.load;

import org.jspecify.annotations.NullMarked;
