package io.millrace.jmh.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The bar for a durable send: the least a server on Netty can do and still promise that a body
 * survives a power cut. It hands each request's body to a {@link GroupCommitJournal}, which writes
 * all that waits, forces once, and answers.
 *
 * <p>It parses nothing, keeps no queue and could never hand a message out again; what it shares
 * with a real server is HTTP, one hand-over to a writing thread, the same bytes with the same
 * checksum into a file prepared in the same way, one force a batch, and one hand-over back.
 *
 * <p>Run as {@code java ... io.millrace.jmh.http.GroupCommitServer --data DIR [--loops N] [--force
 * true|false]}.
 */
final class GroupCommitServer implements AutoCloseable {

  private final BaselineServer server;
  private final GroupCommitJournal journal;

  private GroupCommitServer(BaselineServer server, GroupCommitJournal journal) {
    this.server = server;
    this.journal = journal;
  }

  /** Serves until the process is ended. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    GroupCommitServer server = open(BaselineOptions.parse(arguments));
    server.server.announce();
    server.server.awaitClose();
  }

  static GroupCommitServer open(BaselineOptions options) throws IOException, InterruptedException {
    GroupCommitJournal journal =
        GroupCommitJournal.open(
            PreparedSegments.open(options.directory(), PreparedSegments.SEGMENT_BYTES),
            options.force(),
            GroupCommitServer::answer);
    try {
      return new GroupCommitServer(
          BaselineServer.open(options.loops(), () -> new HandingOver(journal)), journal);
    } catch (InterruptedException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private static void answer(ChannelHandlerContext context) {
    // A failed write closes the connection, which is all the client needs to know.
    var unused = context.writeAndFlush(SendAnswer.next(), context.voidPromise());
  }

  BaselineServer server() {
    return server;
  }

  @Override
  public void close() throws IOException {
    server.close();
    journal.close();
  }

  private static final class HandingOver extends ChannelInboundHandlerAdapter {

    private final GroupCommitJournal journal;
    private @Nullable CompositeByteBuf pieces;

    HandingOver(GroupCommitJournal journal) {
      this.journal = journal;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (!(message instanceof HttpContent content)) {
        return;
      }
      ByteBuf piece = content.content();
      boolean last = message instanceof LastHttpContent;
      if (pieces == null && last) {
        journal.submit(context, piece);
        return;
      }
      if (pieces == null) {
        pieces = context.alloc().compositeBuffer();
      }
      pieces.addComponent(true, piece);
      if (last) {
        journal.submit(context, pieces);
        pieces = null;
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (pieces != null) {
        pieces.release();
        pieces = null;
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var unused = context.close();
    }
  }
}
