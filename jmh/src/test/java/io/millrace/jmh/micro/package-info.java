@NullMarked
package io.millrace.jmh.micro;

import org.jspecify.annotations.NullMarked;
