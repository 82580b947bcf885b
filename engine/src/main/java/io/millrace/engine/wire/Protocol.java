package io.millrace.engine.wire;

/** In which words a request was asked, and so must be answered. */
enum Protocol {
  /** AWS JSON 1.0: the action in {@code X-Amz-Target}, JSON both ways. */
  JSON("application/x-amz-json-1.0"),

  /** The Query protocol: a form or a query string in, XML out. */
  QUERY("text/xml"),

  /** The Query protocol asked with {@code Accept: application/json}: a form in, JSON out. */
  QUERY_JSON("application/json");

  private final String contentType;

  Protocol(String contentType) {
    this.contentType = contentType;
  }

  /** The media type of its answers. */
  String contentType() {
    return contentType;
  }
}
