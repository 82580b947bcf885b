@NullMarked
package io.millrace.chaos.policy;

import org.jspecify.annotations.NullMarked;
