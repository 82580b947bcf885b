@NullMarked
package io.millrace.chaos.run;

import org.jspecify.annotations.NullMarked;
