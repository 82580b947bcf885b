package io.millrace.chaos.inject;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A process that says it is ready and then waits to be ended; told {@code die}, it says something
 * else and ends; told {@code echo}, it gives every byte of one connection back at once.
 */
final class StandIn {

  private StandIn() {}

  public static void main(String[] args) throws IOException {
    if (args[0].equals("die")) {
      System.out.println("millrace: the port is taken");
      System.exit(1);
    }
    if (args[0].equals("echo")) {
      echo();
      return;
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

  private static void echo() throws IOException {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "http://127.0.0.1:" + listening.getLocalPort();
      System.out.println("millrace ready: " + address + " admin " + address);
      try (Socket connection = listening.accept()) {
        connection.setTcpNoDelay(true);
        for (int b = connection.getInputStream().read();
            b >= 0;
            b = connection.getInputStream().read()) {
          connection.getOutputStream().write(b);
        }
      }
    }
  }
}
