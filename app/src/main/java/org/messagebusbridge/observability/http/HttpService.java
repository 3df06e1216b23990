package org.messagebusbridge.observability.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET and HEAD of a few paths.
 *
 * <p>On a loopback address only requests that are meant for this machine are answered, by their
 * {@code Host}: otherwise a page on the internet could have a browser on this machine ask, under a
 * name that leads here (DNS rebinding).
 */
final class HttpService implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpService.class);
  private static final Pattern HOST = Pattern.compile("(\\[[^]]*]|[^:]*)(?::\\d+)?");

  private final HttpListener listener;
  private final SortedMap<String, Supplier<Answer>> pages;
  private final boolean loopback;
  private final String host;

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
    this.listener = new HttpListener(new InetSocketAddress(address, port), this::answerTo);
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return listener.address();
  }

  private Answer answerTo(HttpRequest request) {
    if (!meantForUs(request.host())) {
      return Answer.refusal(
          421, "This address answers to localhost and its own name alone; ask it by one of them.");
    }
    Supplier<Answer> page = pages.get(request.path());
    if (page == null) {
      return Answer.refusal(404, "There is no such page; there are " + names() + ".");
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Answer.refusal(405, "Only GET and HEAD are answered.").with("Allow", "GET, HEAD");
    }
    try {
      return page.get();
    } catch (RuntimeException | Error e) {
      log.atError()
          .setCause(e)
          .addKeyValue("path", request.path())
          .log("A request could not be answered");
      return Answer.refusal(500, "This failed in the bridge itself; its log says why.");
    }
  }

  private String names() {
    return String.join(", ", pages.keySet());
  }

  private boolean meantForUs(Optional<String> header) {
    if (!loopback || header.isEmpty()) {
      return true;
    }
    Matcher matcher = HOST.matcher(header.get());
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
    listener.close();
  }
}
