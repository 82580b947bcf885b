package io.millrace.chaos.history;

import java.util.EnumSet;
import java.util.Set;

/** What a consumer found wrong with a message it received. */
public enum Damage {
  /** The body is none that this lab writes; its attempt is unknown. */
  ALIEN_BODY(1 << 0),
  /** The body's own checksum does not match. */
  BODY_CHECKSUM(1 << 1),
  /** The MD5 the server gave for the body is not the body's. */
  BODY_MD5(1 << 2),
  /** The message attributes are not those that were sent. */
  ATTRIBUTES(1 << 3),
  /** The MD5 the server gave for the attributes is not theirs. */
  ATTRIBUTES_MD5(1 << 4);

  private final int bit;

  Damage(int bit) {
    this.bit = bit;
  }

  /** One bit for each, as the file format has it. */
  static int toBits(Set<Damage> damage) {
    int bits = 0;
    for (Damage each : damage) {
      bits |= each.bit;
    }
    return bits;
  }

  static Set<Damage> ofBits(int bits) {
    if (bits == 0) {
      return Set.of();
    }
    Set<Damage> damage = EnumSet.noneOf(Damage.class);
    int known = 0;
    for (Damage each : values()) {
      known |= each.bit;
      if ((bits & each.bit) != 0) {
        damage.add(each);
      }
    }
    if ((bits & ~known) != 0) {
      throw new IllegalArgumentException("unknown damage bits " + Integer.toBinaryString(bits));
    }
    return damage;
  }
}
