@NullMarked
package io.millrace.chaos.scenario;

import org.jspecify.annotations.NullMarked;
