package org.messagebusbridge.websocket;

import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Message.Form;
import org.messagebusbridge.bus.RecordedConfirmations;
import org.messagebusbridge.websocket.WebSocketConfig.Compression;
import org.messagebusbridge.websocket.WebSocketConfig.FrameType;

/** The bus as the client of a case of the Autobahn test suite: it sends back what it gets. */
final class EchoClient implements AutoCloseable {
  /** Longer than the suite itself gives its longest case. */
  private static final Duration PATIENCE = Duration.ofMinutes(9);

  /** The cases that send bytes; all others send text. */
  private static final Pattern BINARY = Pattern.compile("(1\\.2|9\\.[2468]|12\\.[235])\\..*");

  private static final Pattern COMPRESSED = Pattern.compile("1[23]\\..*");

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final Queue<String> mistaken = new ConcurrentLinkedQueue<>();

  /** Plays a case until the connection has ended. */
  void play(AutobahnServer server, String id) throws InterruptedException, IOException {
    boolean binary = BINARY.matcher(id).matches();
    TestConfig config = new TestConfig(server.host(), AutobahnServer.uri(id));
    config.frameType = binary ? FrameType.BINARY : FrameType.TEXT;
    config.compression =
        COMPRESSED.matcher(id).matches() ? Compression.PERMESSAGE_DEFLATE : Compression.OFF;
    CountDownLatch lost = new CountDownLatch(1);
    try (BusConnection connection =
        new WebSocketBus(config.build(), timer).connect(cause -> lost.countDown())) {
      connection.sink().start(new RecordedConfirmations());
      connection
          .source()
          .start(
              delivery -> {
                if (delivery.message().form() != (binary ? Form.BINARY : Form.TEXT)) {
                  mistaken.add(id + ": " + delivery.message());
                }
                echo(connection, delivery);
              });
      if (!lost.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("case " + id + " has not ended after " + PATIENCE);
      }
    } catch (BusException e) {
      // The suite says whether that is as it should be: some cases break a rule in the first frame.
    }
  }

  private static void echo(BusConnection connection, Delivery delivery) {
    Message message = delivery.message();
    connection.sink().send(message);
    connection.sink().flush();
    delivery.acceptThrough();
  }

  /** What was taken for text though it was sent as bytes, or the other way round. */
  Queue<String> mistaken() {
    return mistaken;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
