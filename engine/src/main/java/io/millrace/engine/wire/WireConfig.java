package io.millrace.engine.wire;

import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.Limits;

/**
 * How an endpoint listens, whom it serves, and where it stops being patient.
 *
 * @param bindAddress a local address
 * @param port 0 to 65,535; 0 takes a free one
 * @param account twelve digits; part of every queue URL and ARN
 * @param region part of every ARN
 * @param limits the quotas requests are checked against
 * @param eventLoops threads that serve connections, 1 or more
 */
public record WireConfig(
    String bindAddress,
    int port,
    String account,
    String region,
    Limits limits,
    int eventLoops,
    Sizes sizes,
    Times times,
    Counts counts) {

  /** The port SQS emulators commonly use. */
  public static final int DEFAULT_PORT = 9324;

  /**
   * Loopback, the default port and account, {@code us-east-1}, SQS's current limits, one event
   * loop.
   */
  public static final WireConfig DEFAULT =
      new WireConfig(
          "127.0.0.1",
          DEFAULT_PORT,
          Caller.DEFAULT_ACCOUNT,
          "us-east-1",
          Limits.CURRENT,
          1,
          Sizes.DEFAULT,
          Times.DEFAULT,
          Counts.DEFAULT);

  public WireConfig {
    if (!Caller.isAccount(account)) {
      throw new IllegalArgumentException("an account is twelve digits, not '" + account + "'");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("no such port: " + port);
    }
    if (eventLoops < 1) {
      throw new IllegalArgumentException("an endpoint needs an event loop");
    }
  }

  /** The same on another address. */
  public WireConfig at(String otherAddress, int otherPort) {
    return new WireConfig(
        otherAddress, otherPort, account, region, limits, eventLoops, sizes, times, counts);
  }

  /** The same for another account and region. */
  public WireConfig as(String otherAccount, String otherRegion) {
    return new WireConfig(
        bindAddress, port, otherAccount, otherRegion, limits, eventLoops, sizes, times, counts);
  }

  /** The same under other quotas. */
  public WireConfig under(Limits otherLimits) {
    return new WireConfig(
        bindAddress, port, account, region, otherLimits, eventLoops, sizes, times, counts);
  }

  /** The same on that many event loops. */
  public WireConfig on(int loops) {
    return new WireConfig(bindAddress, port, account, region, limits, loops, sizes, times, counts);
  }

  /** The same within other bounds. */
  public WireConfig within(Sizes otherSizes, Times otherTimes, Counts otherCounts) {
    return new WireConfig(
        bindAddress,
        port,
        account,
        region,
        limits,
        eventLoops,
        otherSizes,
        otherTimes,
        otherCounts);
  }

  /**
   * Bounds in bytes, except {@code headersMax}.
   *
   * @param requestLineMax longer: 414
   * @param headMax all header lines of a request together; more: 431
   * @param headersMax header lines of a request; more: 431
   * @param bodyMax the raw body; a message of 1 MiB takes up to six times that in JSON escapes, in
   *     practice far less. More: 413, before the body is read where its length is announced
   * @param inputMax bodies of all connections together that came in part and are held until the
   *     rest does; above it 503, to whoever sends the next part
   * @param repliesMax messages of all connections together that were received and that their
   *     clients have not taken yet; above it a further receive is answered 503 and takes nothing.
   *     Receives already under way may exceed it
   * @param outputHighWater answers waiting for a client to read them; above it nothing more is read
   *     from that client
   */
  public record Sizes(
      int requestLineMax,
      int headMax,
      int headersMax,
      int bodyMax,
      long inputMax,
      long repliesMax,
      int outputHighWater) {
    public static final Sizes DEFAULT =
        new Sizes(
            8 * 1024,
            16 * 1024,
            100,
            4 * 1024 * 1024,
            32 * 1024 * 1024,
            128 * 1024 * 1024,
            1024 * 1024);
  }

  /**
   * Bounds in milliseconds, except {@code bodyBytesPerSecondMin}.
   *
   * @param headMax from a request's first byte to the end of its headers; longer: 408
   * @param bodyMax from there to the end of its body; longer: 408
   * @param bodyGrace after this long the body must have come at {@code bodyBytesPerSecondMin} on
   *     average, or 408
   * @param idleMax a connection without a request is closed after this long; above the longest poll
   * @param lingerMax how long a refused client may go on sending before its connection is cut
   * @param stopMax how long {@code close} waits for requests in flight
   */
  public record Times(
      int headMax,
      int bodyMax,
      int bodyGrace,
      int bodyBytesPerSecondMin,
      int idleMax,
      int lingerMax,
      int stopMax) {
    public static final Times DEFAULT =
        new Times(10_000, 30_000, 5_000, 1_024, 75_000, 2_000, 5_000);
  }

  /**
   * Bounds on how many.
   *
   * @param connectionsMax open at a time; one more is answered 503 and closed
   * @param pipelinedMax requests of one connection in flight; at the bound its socket is not read
   * @param receivesMax the same for receives, each of which may bring ten messages of the largest
   *     size
   */
  public record Counts(int connectionsMax, int pipelinedMax, int receivesMax) {
    public static final Counts DEFAULT = new Counts(10_000, 64, 4);
  }
}
