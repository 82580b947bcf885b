package io.millrace.chaos.check;

/**
 * How much happened.
 *
 * @param attempts sends begun
 * @param acknowledged sends the server said yes to
 * @param unknownSends sends whose outcome nobody learnt
 * @param failedSends sends that surely had no effect
 * @param polls receives that were answered
 * @param emptyPolls receives that were answered with no message
 * @param brokenPolls receives that were not answered
 * @param deliveries messages in all answers, duplicates included
 * @param distinct attempts received at least once
 * @param deleted deletes the server said yes to
 * @param unknownDeletes deletes whose outcome nobody learnt
 * @param failedDeletes deletes that surely had no effect
 */
public record Census(
    long attempts,
    long acknowledged,
    long unknownSends,
    long failedSends,
    long polls,
    long emptyPolls,
    long brokenPolls,
    long deliveries,
    long distinct,
    long deleted,
    long unknownDeletes,
    long failedDeletes) {}
