/** Tests of the engine and the server through their public doors. */
@NullMarked
package io.millrace.engine;

import org.jspecify.annotations.NullMarked;
