@NullMarked
package io.millrace.chaos.delivery;

import org.jspecify.annotations.NullMarked;
