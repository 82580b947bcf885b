package io.millrace.chaos.disk;

import java.nio.file.Path;

/**
 * What a power-loss trial does.
 *
 * @param seed of the first life; the next life's is one more
 * @param images disks to draw, open and judge, from 1
 * @param profile what the file system promises about names
 * @param out where the evidence of failures goes; made when there is any
 */
public record PowerLossPlan(long seed, int images, CrashProfile profile, Path out) {

  /** Images drawn from one life at most. */
  public static final int IMAGES_PER_LIFE = 50;

  /** Checks the number. */
  public PowerLossPlan {
    if (images < 1) {
      throw new IllegalArgumentException(images + " images");
    }
  }
}
