package io.millrace.engine.shard;

import io.millrace.engine.journal.Journal;
import io.millrace.engine.sqs.ReceiptSeal;
import java.util.concurrent.Executor;

/**
 * What the parts of one shard share; made when it is recovered, and as old as it is.
 *
 * @param journal replayed; the shard appends, its flusher forces
 * @param blocks what the catalogue's backlogs lie in
 * @param catalogue the queues, of the thread that turns the shard
 * @param seal of receipt handles
 * @param counters written by the shard and its flusher, read by anyone
 * @param observer told of what happens, on the thread where it does
 * @param background runs what may block
 */
record ShardContext(
    ShardConfig config,
    Journal journal,
    BlockFile blocks,
    Catalogue catalogue,
    ReceiptSeal seal,
    ShardCounters counters,
    ShardObserver observer,
    Executor background) {}
