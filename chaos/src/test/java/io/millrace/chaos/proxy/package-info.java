@NullMarked
package io.millrace.chaos.proxy;

import org.jspecify.annotations.NullMarked;
