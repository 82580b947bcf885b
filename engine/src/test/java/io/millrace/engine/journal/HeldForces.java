package io.millrace.engine.journal;

/** A journal whose forces a test can hold up, or watch fail. Turned by one thread. */
public final class HeldForces extends ForwardingJournal {

  /** While set a force does not happen: it is as if it took long. */
  public boolean holding;

  /** Runs after a force that failed, before its caller hears of it. */
  public Runnable afterFailure = () -> {};

  public HeldForces(Journal journal) {
    super(journal);
  }

  @Override
  public long force() {
    if (holding) {
      throw new JournalForceException("the test holds the force", new AssertionError());
    }
    try {
      return super.force();
    } catch (JournalForceException e) {
      afterFailure.run();
      throw e;
    }
  }
}
