package org.messagebusbridge.observability.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET and HEAD of a few paths. A virtual thread answers a request, so a client that is slow
 * holds nobody up; it has ten seconds to ask and ten to read, and there are at most 64 connections.
 *
 * <p>On a loopback address only requests that are meant for this machine are answered, by their
 * {@code Host}: otherwise a page on the internet could have a browser on this machine ask, under a
 * name that leads here (DNS rebinding).
 */
final class HttpService implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpService.class);
  private static final int NO_BODY = -1;
  private static final Pattern HOST = Pattern.compile("(\\[[^]]*]|[^:]*)(?::\\d+)?");

  static {
    // The JDK's server reads these when it is first used; whoever starts the bridge can set others.
    setDefault("sun.net.httpserver.maxReqTime", 10);
    setDefault("sun.net.httpserver.maxRspTime", 10);
    setDefault("sun.net.httpserver.idleInterval", 30);
    setDefault("jdk.httpserver.maxConnections", 64);
    setDefault("sun.net.httpserver.maxReqHeaders", 50);
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final SortedMap<String, Supplier<Answer>> pages;
  private final boolean loopback;
  private final String host;

  private static void setDefault(String property, int value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(value));
    }
  }

  /**
   * Begins to answer.
   *
   * @param host what the address was called in the configuration
   * @param port 0: any that is free
   * @param pages what to answer by path; called by many threads at a time
   * @throws IOException when it cannot listen there
   */
  HttpService(String host, int port, Map<String, Supplier<Answer>> pages) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    this.host = host;
    this.loopback = address.isLoopbackAddress();
    this.pages = new TreeMap<>(pages);
    server = HttpServer.create(new InetSocketAddress(address, port), 0);
    threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 1).factory());
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answerTo(exchange);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      byte[] body = answer.bytes();
      if (head) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      }
      exchange.sendResponseHeaders(answer.status(), head ? NO_BODY : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private Answer answerTo(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getRawPath();
    if (!meantForUs(exchange.getRequestHeaders().getFirst("Host"))) {
      return Answer.refusal(
          421, "This address answers to localhost and its own name alone; ask it by one of them.");
    }
    Supplier<Answer> page = pages.get(path);
    if (page == null) {
      return Answer.refusal(404, "There is no such page; there are " + names() + ".");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return Answer.refusal(405, "Only GET and HEAD are answered.");
    }
    try {
      return page.get();
    } catch (RuntimeException e) {
      log.atError().setCause(e).addKeyValue("path", path).log("A request could not be answered");
      return Answer.refusal(500, "This failed in the bridge itself; its log says why.");
    }
  }

  private String names() {
    return String.join(", ", pages.keySet());
  }

  private boolean meantForUs(@Nullable String header) {
    if (!loopback || header == null) {
      return true;
    }
    Matcher matcher = HOST.matcher(header);
    if (!matcher.matches()) {
      return false;
    }
    String name = matcher.group(1).toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("[::1]")
        || name.matches("127\\.\\d+\\.\\d+\\.\\d+")
        || name.equalsIgnoreCase(host);
  }

  /** Answers no more; what is being answered is cut. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
