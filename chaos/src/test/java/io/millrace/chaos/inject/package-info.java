@NullMarked
package io.millrace.chaos.inject;

import org.jspecify.annotations.NullMarked;
