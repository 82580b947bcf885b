package io.millrace.engine.telemetry;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;

/** The admin port's address cannot be bound: another process has it, or this host lacks it. */
public final class AddressUnavailableException extends IOException {

  private static final long serialVersionUID = 1;

  private final InetSocketAddress address;

  AddressUnavailableException(InetSocketAddress address, BindException cause) {
    super(
        "the admin port cannot listen on "
            + address.getHostString()
            + ":"
            + address.getPort()
            + ": "
            + cause.getMessage(),
        cause);
    this.address = address;
  }

  /** The address that was asked for. */
  public InetSocketAddress address() {
    return address;
  }
}
