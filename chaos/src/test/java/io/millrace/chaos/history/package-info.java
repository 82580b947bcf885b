@NullMarked
package io.millrace.chaos.history;

import org.jspecify.annotations.NullMarked;
