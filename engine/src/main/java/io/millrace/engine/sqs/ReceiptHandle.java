package io.millrace.engine.sqs;

/**
 * What a receipt handle stands for: one receive of one message. The start number is the one of the
 * engine's run that made the receive, so that no restart ever issues the same handle again, even
 * when the record of a receive was lost.
 *
 * @param queueNumber the queue's number, never reused
 * @param messageNumber the message's number in that queue, from 1
 * @param startNumber how many times the data had been opened when the receive was made, from 1
 * @param receiveNumber the message's receive count after the receive, from 1
 */
public record ReceiptHandle(
    int queueNumber, long messageNumber, int startNumber, int receiveNumber) {}
