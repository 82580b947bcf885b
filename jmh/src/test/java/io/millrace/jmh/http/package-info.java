@NullMarked
package io.millrace.jmh.http;

import org.jspecify.annotations.NullMarked;
