package io.millrace.engine.journal;

import java.util.Arrays;

/** A record and where it was put. */
record Written(long position, byte[] body) {

  @Override
  public boolean equals(Object other) {
    return other instanceof Written that
        && position == that.position
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(position);
  }

  @Override
  public String toString() {
    return Position.text(position) + " (" + body.length + " bytes)";
  }
}
