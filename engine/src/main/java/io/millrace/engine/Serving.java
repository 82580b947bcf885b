package io.millrace.engine;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Something that answers SQS requests until it is closed: a {@link Server}, or one wrapped. */
public interface Serving extends AutoCloseable {

  /** Where it takes requests. */
  InetSocketAddress address();

  /** Where it answers for health and metrics. */
  InetSocketAddress adminAddress();

  /** Answers what is in progress and stops. */
  @Override
  void close() throws IOException;
}
