package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.file.Path;
import net.openhft.posix.PosixAPI;

/**
 * {@code fallocate(2)} with KEEP_SIZE, which the JDK does not offer.
 *
 * <p>It needs a file descriptor, and the JDK hides its own; so the file is opened once more by the
 * same native door. A step every few mebibytes makes that cheap.
 */
final class BlockReservation {

  private static final int KEEP_SIZE = 1;
  private static final int READ_WRITE = 2;

  // Linux error numbers, the same on x86-64 and AArch64.
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;
  private static final int ENOSYS = 38;
  private static final int EOPNOTSUPP = 95;

  private BlockReservation() {}

  /**
   * Reserves a range, or does nothing where kernel, file system or library cannot.
   *
   * @throws NoSpaceException if there is no room
   */
  static void reserve(Path file, long position, long bytes) throws IOException {
    PosixAPI posix;
    try {
      posix = PosixAPI.posix();
    } catch (RuntimeException | LinkageError e) {
      // No native library for this machine: the zeroes written next reserve the blocks instead.
      return;
    }
    int descriptor = posix.open(file.toString(), READ_WRITE, 0);
    if (descriptor < 0) {
      throw new IOException(file + ": cannot open to reserve space, " + posix.lastErrorStr());
    }
    try {
      if (posix.fallocate(descriptor, KEEP_SIZE, position, bytes) == 0) {
        return;
      }
      int error = posix.lastError();
      if (error == ENOSPC || error == EDQUOT) {
        throw new NoSpaceException(file + ": no room for " + bytes + " bytes more", null);
      }
      if (error != ENOSYS && error != EOPNOTSUPP) {
        throw new IOException(
            file + ": reserving " + bytes + " bytes failed, " + posix.strerror(error));
      }
    } finally {
      posix.close(descriptor);
    }
  }
}
