@NullMarked
package io.millrace.chaos.client;

import org.jspecify.annotations.NullMarked;
