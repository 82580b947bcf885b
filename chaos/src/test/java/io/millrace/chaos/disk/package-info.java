@NullMarked
package io.millrace.chaos.disk;

import org.jspecify.annotations.NullMarked;
