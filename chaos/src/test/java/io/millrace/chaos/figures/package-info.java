@NullMarked
package io.millrace.chaos.figures;

import org.jspecify.annotations.NullMarked;
