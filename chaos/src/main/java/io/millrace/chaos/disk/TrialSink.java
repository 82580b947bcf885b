package io.millrace.chaos.disk;

/** Hears of a trial while it runs; called on the thread that runs it. */
public interface TrialSink {

  /** Hears nothing. */
  TrialSink NONE =
      new TrialSink() {
        @Override
        public void judged(int done, int planned) {}

        @Override
        public void failed(ImageFailure failure) {}
      };

  /** So many images of those planned are judged. */
  void judged(int done, int planned);

  /** An image was found wanting; its evidence is written. */
  void failed(ImageFailure failure);

  /** Whether the trial shall go on; asked after each image. */
  default boolean goesOn() {
    return true;
  }
}
