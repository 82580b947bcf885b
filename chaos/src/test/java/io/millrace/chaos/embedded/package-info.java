@NullMarked
package io.millrace.chaos.embedded;

import org.jspecify.annotations.NullMarked;
