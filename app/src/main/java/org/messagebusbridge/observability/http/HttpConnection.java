package org.messagebusbridge.observability.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One client of HTTP/1.1: reads a request, answers it, and so on until one of them ends it. It has
 * {@link #PATIENCE} for each request and each answer; somebody else has to {@linkplain #close end}
 * it when that is over ({@link #isOverdue}).
 */
final class HttpConnection {
  /** For a request from the client's first byte on, and for what is answered to be taken. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Between an answer and the next request. */
  static final Duration IDLE = Duration.ofSeconds(30);

  private static final int BUFFER = 1024;
  private static final int MOST_HEAD = 8 * 1024;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Socket socket;
  private final Function<HttpRequest, Answer> answers;
  private volatile long deadline;
  private volatile boolean answering;

  HttpConnection(Socket socket, Function<HttpRequest, Answer> answers) {
    this.socket = socket;
    this.answers = answers;
    this.deadline = System.nanoTime() + PATIENCE.toNanos();
  }

  /** Whether it waits for a request, or the rest of one. */
  boolean isWaiting() {
    return !answering;
  }

  /** Whether its time is over. */
  boolean isOverdue() {
    return System.nanoTime() - deadline > 0;
  }

  /** Ends it; any thread. */
  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone all the same
    }
  }

  /** Serves it to its end. */
  void serve() {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
      boolean last = false;
      for (int first = in.read(); first >= 0 && !last; first = last ? -1 : in.read()) {
        allow(PATIENCE);
        Optional<String> head = head(first, in);
        answering = true;
        allow(PATIENCE);
        last = answer(head);
        answering = false;
        allow(IDLE);
      }
      if (last) {
        socket.shutdownOutput();
        allow(PATIENCE);
        // What is unread would make the system cut what was answered.
        in.transferTo(OutputStream.nullOutputStream());
      }
    } catch (IOException e) {
      // the client is gone, or was sent away
    }
  }

  private void allow(Duration time) {
    deadline = System.nanoTime() + time.toNanos();
  }

  /** Answers it; says whether that was the last one. */
  private boolean answer(Optional<String> head) throws IOException {
    if (head.isEmpty()) {
      write(Answer.refusal(431, "The request is too long."), false, true);
      return true;
    }
    Optional<HttpRequest> request = HttpRequest.of(head.get());
    if (request.isEmpty()) {
      write(Answer.refusal(400, "This is no request of HTTP/1.1."), false, true);
      return true;
    }
    boolean headOnly = request.get().method().equals("HEAD");
    write(answers.apply(request.get()), headOnly, request.get().last());
    return request.get().last();
  }

  /** The request without the empty line that ends it; empty when it is too long. */
  private static Optional<String> head(int first, InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    int empty = 0;
    for (int b = first; b >= 0; b = in.read()) {
      head.write(b);
      empty = b == '\n' ? empty + 1 : b == '\r' ? empty : 0;
      if (empty == 2) {
        return Optional.of(head.toString(ISO_8859_1).strip());
      }
      if (head.size() >= MOST_HEAD) {
        return Optional.empty();
      }
    }
    throw new IOException("the client has gone");
  }

  private void write(Answer answer, boolean headOnly, boolean last) throws IOException {
    byte[] body = answer.bytes();
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(answer.status()).append(' ').append(answer.reason());
    head.append("\r\nDate: ");
    DATE.formatTo(Instant.now(), head);
    head.append("\r\nContent-Length: ").append(body.length);
    answer.headers().forEach((name, value) -> append(head, name, value));
    append(head, "Cache-Control", "no-store");
    append(head, "X-Content-Type-Options", "nosniff");
    if (last) {
      append(head, "Connection", "close");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream(512 + body.length);
    all.writeBytes(head.append("\r\n\r\n").toString().getBytes(ISO_8859_1));
    if (!headOnly) {
      all.writeBytes(body);
    }
    all.writeTo(socket.getOutputStream());
  }

  private static void append(StringBuilder head, String name, String value) {
    head.append("\r\n").append(name).append(": ").append(value);
  }
}
