@NullMarked
package io.millrace.chaos.serve;

import org.jspecify.annotations.NullMarked;
