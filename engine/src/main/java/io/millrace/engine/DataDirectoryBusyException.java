package io.millrace.engine;

import java.io.IOException;
import java.nio.file.Path;

/** Another engine has the data directory open. */
public final class DataDirectoryBusyException extends IOException {

  private static final long serialVersionUID = 1L;

  DataDirectoryBusyException(Path root) {
    super("the data directory " + root + " is in use by another Millrace");
  }
}
