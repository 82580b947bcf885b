package io.millrace.chaos.client;

import java.time.Duration;

/**
 * A new visibility timeout for a received message.
 *
 * @param receiptHandle the handle
 * @param visibility the new timeout from now, whole seconds, 0 to 12 h; 0 makes it visible at once
 */
public record VisibilityChange(String receiptHandle, Duration visibility) {}
