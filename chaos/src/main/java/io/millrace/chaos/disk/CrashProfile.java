package io.millrace.chaos.disk;

/** What a file system promises about names; about bytes all promise the same. */
public enum CrashProfile {
  /**
   * A name is durable once its directory was forced and not before; of the changes since, any
   * subset may survive (POSIX.1-2017, fsync).
   */
  POSIX("posix"),
  /**
   * Changes of names are journaled in their order, so a prefix of them survives, and a force of a
   * file whose name is new takes the journal with it (ext4 and XFS as they are mounted by default).
   */
  EXT4("ext4");

  private final String label;

  CrashProfile(String label) {
    this.label = label;
  }

  /** The profile's name in reports and on the command line. */
  public String label() {
    return label;
  }
}
