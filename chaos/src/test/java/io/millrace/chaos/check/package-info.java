@NullMarked
package io.millrace.chaos.check;

import org.jspecify.annotations.NullMarked;
