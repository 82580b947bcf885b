package io.millrace.jmh.load;

import java.io.IOException;

/**
 * A {@link WatchedServer} that holds what a collector has to walk link by link, so that a full
 * collection of its JVM takes long although the queue's own objects are few.
 */
public final class BallastServer {

  private static final int LINKS = 2_000_000;

  /** Garbage's opposite. Kept as long as the class, for the server runs on when main has ended. */
  private static final Link BALLAST = chain();

  private record Link(Object next) {}

  private BallastServer() {}

  private static Link chain() {
    Link link = new Link("end");
    for (int i = 0; i < LINKS; i++) {
      link = new Link(link);
    }
    return link;
  }

  /** Runs it; the arguments are those of {@link WatchedServer}. */
  public static void main(String[] arguments) throws IOException {
    if (BALLAST.next() instanceof Link) {
      WatchedServer.main(arguments);
    }
  }
}
