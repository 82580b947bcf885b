/** Which cause a late message is given. */
@NullMarked
package io.millrace.chaos.attribution;

import org.jspecify.annotations.NullMarked;
