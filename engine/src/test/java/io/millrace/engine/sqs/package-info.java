@NullMarked
package io.millrace.engine.sqs;

import org.jspecify.annotations.NullMarked;
