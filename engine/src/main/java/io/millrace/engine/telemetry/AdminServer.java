package io.millrace.engine.telemetry;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port: {@code /health} for supervisors, {@code /metrics} for Prometheus, and what the
 * composition root adds. It has its own port and threads, so that it answers when the endpoint
 * cannot.
 *
 * <p>It knows no callers and checks no credentials: bind it to loopback, or to a network whose
 * every host may read it.
 *
 * <ul>
 *   <li>{@code GET /}: a page that shows the metrics to a person, live.
 *   <li>{@code GET /health}: 200 and {@code ok}, or 503 and the reason.
 *   <li>{@code GET /metrics}: the registry as OpenMetrics text if the Accept header asks for it,
 *       else in Prometheus's text format 0.0.4.
 * </ul>
 */
public final class AdminServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  /** Beside this class. */
  private static final String LIVE_PAGE = "live.html";

  /** Enough for a slow scrape and a health check beside it. */
  private static final int THREADS = 2;

  /**
   * A caller that takes longer to send a request is cut off: two of them would hold both threads.
   */
  private static final int REQUEST_SECONDS_MAX = 5;

  /** The same for a caller that does not read its reply. */
  private static final int REPLY_SECONDS_MAX = 30;

  static {
    // The JDK's server can be told these only so, before its first use in the process. What the
    // user
    // set on the command line stays.
    setUnlessSet("sun.net.httpserver.nodelay", "true"); // else a reply may wait 40 ms for an ACK
    setUnlessSet("sun.net.httpserver.maxReqTime", Integer.toString(REQUEST_SECONDS_MAX));
    setUnlessSet("sun.net.httpserver.maxRspTime", Integer.toString(REPLY_SECONDS_MAX));
  }

  private final HttpServer server;
  private final ExecutorService threads;

  private AdminServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Binds and starts.
   *
   * @param address to listen on; port 0 takes a free one, see {@link #address()}
   * @param registry shown under {@code /metrics}
   * @param health asked at each {@code /health}; must not block
   * @param more further handlers by path, called on the admin threads; a path ending in "/" also
   *     takes every path below it. A handler that throws costs its caller a 500 and nothing else
   * @throws AddressUnavailableException if the address is taken or not this host's
   * @throws IllegalArgumentException if a path of {@code more} is taken or does not start with "/"
   */
  public static AdminServer open(
      InetSocketAddress address,
      PrometheusRegistry registry,
      Supplier<Health> health,
      Map<String, HttpHandler> more)
      throws IOException {
    Map<String, HttpHandler> handlers = new HashMap<>(more);
    addOwn(handlers, "/health", readOnly(healthHandler(health)));
    addOwn(handlers, "/metrics", metrics(registry::scrape));
    handlers.putIfAbsent("/", livePage());

    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (BindException e) {
      throw new AddressUnavailableException(address, e);
    }
    try {
      handlers.forEach((path, handler) -> server.createContext(path, guarded(path, handler)));
    } catch (IllegalArgumentException e) {
      server.stop(0);
      throw e;
    }
    AtomicInteger threadNumber = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "millrace-admin-" + threadNumber.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    startAsDaemon(server, threads);
    return new AdminServer(server, threads);
  }

  /** The address it listens on, its port never 0. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Stops listening and cuts open connections. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void addOwn(Map<String, HttpHandler> handlers, String path, HttpHandler handler) {
    if (handlers.put(path, handler) != null) {
      throw new IllegalArgumentException(path + " is the admin port's own");
    }
  }

  /** The dispatcher inherits being a daemon from the thread that starts it; no setter exists. */
  private static void startAsDaemon(HttpServer server, ExecutorService threads) throws IOException {
    try {
      threads.submit(server::start).get();
    } catch (InterruptedException | ExecutionException e) {
      server.stop(0);
      threads.shutdownNow();
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("the admin port could not start", e);
    }
  }

  /**
   * The page for people who have neither Prometheus nor Grafana. It reads the metrics as these do,
   * so that it needs nothing of ours but a file; what it may load is this port's and nothing else.
   */
  private static HttpHandler livePage() throws IOException {
    byte[] page;
    try (InputStream in = AdminServer.class.getResourceAsStream(LIVE_PAGE)) {
      page = Objects.requireNonNull(in, LIVE_PAGE).readAllBytes();
    }
    HttpHandler handler =
        readOnly(
            exchange -> {
              Headers headers = exchange.getResponseHeaders();
              headers.set("Cache-Control", "no-store");
              headers.set("X-Content-Type-Options", "nosniff");
              headers.set(
                  "Content-Security-Policy",
                  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
                      + " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'");
              reply(exchange, 200, "text/html; charset=utf-8", page);
            });
    // The root's context takes every path that no other does.
    return exchange -> {
      if (exchange.getRequestURI().getPath().equals("/")) {
        handler.handle(exchange);
      } else {
        replyText(exchange, 404, "not found\n");
      }
    };
  }

  private static HttpHandler healthHandler(Supplier<Health> health) {
    return exchange -> {
      Health now = health.get();
      replyText(exchange, now.ok() ? 200 : 503, now.reason() + "\n");
    };
  }

  /** A page of JSON, to be added under a path of its own; made at each request. */
  public static HttpHandler json(Supplier<String> text) {
    return readOnly(
        exchange ->
            reply(exchange, 200, "application/json", text.get().getBytes(StandardCharsets.UTF_8)));
  }

  /** A page of metrics, to be added under a path of its own; scraped at each request. */
  public static HttpHandler metrics(Supplier<MetricSnapshots> scrape) {
    return readOnly(metricsHandler(scrape));
  }

  private static HttpHandler metricsHandler(Supplier<MetricSnapshots> scrape) {
    ExpositionFormats formats = ExpositionFormats.init();
    return exchange -> {
      @Nullable String accept = exchange.getRequestHeaders().getFirst("Accept");
      ExpositionFormatWriter writer = formats.findWriter(accept);
      ByteArrayOutputStream body = new ByteArrayOutputStream(64 * 1024);
      writer.write(body, scrape.get(), EscapingScheme.fromAcceptHeader(accept));
      reply(exchange, 200, writer.getContentType(), body.toByteArray());
    };
  }

  private static HttpHandler readOnly(HttpHandler handler) {
    return exchange -> {
      switch (exchange.getRequestMethod()) {
        case "GET", "HEAD" -> handler.handle(exchange);
        default -> {
          exchange.getResponseHeaders().set("Allow", "GET, HEAD");
          replyText(exchange, 405, "method not allowed\n");
        }
      }
    };
  }

  /** Holds a handler to its path, and keeps its failure from hanging the connection. */
  private static HttpHandler guarded(String path, HttpHandler handler) {
    return exchange -> {
      try {
        // The JDK's server matches contexts as prefixes: "/metrics" would answer "/metricsfoo".
        String asked = exchange.getRequestURI().getPath();
        if (path.endsWith("/") || path.equals(asked)) {
          handler.handle(exchange);
        } else {
          replyText(exchange, 404, "not found\n");
        }
      } catch (RuntimeException | Error e) {
        LOG.error("admin request {} failed", exchange.getRequestURI(), e);
        if (exchange.getResponseCode() == -1) {
          replyText(exchange, 500, "internal error, see the server's log\n");
        }
      } finally {
        exchange.close();
      }
    };
  }

  private static void replyText(HttpExchange exchange, int status, String text) throws IOException {
    reply(exchange, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void reply(HttpExchange exchange, int status, String contentType, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", contentType);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
