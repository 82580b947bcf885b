package io.millrace.chaos.inject;

import java.io.IOException;

/**
 * A process that says it is ready and then waits to be ended; told {@code die}, it says something
 * else and ends.
 */
final class StandIn {

  private StandIn() {}

  public static void main(String[] args) throws IOException {
    if (args[0].equals("die")) {
      System.out.println("millrace: the port is taken");
      System.exit(1);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("stopped")));
    System.out.println("some other line");
    System.out.println("millrace ready: http://127.0.0.1:1234 admin http://127.0.0.1:1235");
    if (args[0].equals("end")) {
      return;
    }
    while (System.in.read() >= 0) {
      Thread.onSpinWait();
    }
  }
}
