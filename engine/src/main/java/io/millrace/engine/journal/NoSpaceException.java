package io.millrace.engine.journal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The file system has no room left, or the user's quota is spent. */
public final class NoSpaceException extends IOException {

  private static final long serialVersionUID = 1L;

  public NoSpaceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
