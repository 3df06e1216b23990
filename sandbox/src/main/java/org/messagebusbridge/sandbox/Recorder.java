package org.messagebusbridge.sandbox;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Keeps all that it receives, in order, over all connections, and sends what it is told to. Text
 * that is not UTF-8 is answered with 1007, a message beyond the service's limit with 1009, and is
 * not kept. After a close frame was sent nothing more is kept or answered.
 *
 * <p>A ping is answered at once, when everything before it has been kept. All of its methods may be
 * called by any thread.
 */
public final class Recorder extends Behaviour {
  /**
   * With nothing being read a flush waits for those that come with it, so a fast sender costs few
   * system calls.
   */
  private static final int FLUSHES_TOGETHER = 256;

  private final Monitor monitor = new Monitor();
  private final List<ReceivedMessage> messages = new ArrayList<>();
  private final List<ReceivedPing> pings = new ArrayList<>();
  private final List<ReceivedPong> pongs = new ArrayList<>();
  private final List<ReceivedClose> closes = new ArrayList<>();
  private final List<RecordedConnection> connections = new ArrayList<>();
  private volatile boolean pongsPaused;
  private volatile Objection objection = new Objection(message -> false, 1008, "");

  record Objection(Predicate<ReceivedMessage> to, int code, String reason) {}

  /** The whole messages received so far. */
  public List<ReceivedMessage> messages() {
    return monitor.read(() -> List.copyOf(messages));
  }

  /** The pings received so far; those that were answered are receipts that the client has. */
  public List<ReceivedPing> pings() {
    return monitor.read(() -> List.copyOf(pings));
  }

  /** The pongs received so far. */
  public List<ReceivedPong> pongs() {
    return monitor.read(() -> List.copyOf(pongs));
  }

  /** How clients ended their sides so far. */
  public List<ReceivedClose> closes() {
    return monitor.read(() -> List.copyOf(closes));
  }

  /**
   * How many messages of a connection were covered by pongs sent to its client; 0 when none was.
   */
  public int receipted(int connection) {
    return monitor.read(
        () ->
            pings.stream()
                .filter(ping -> ping.connection() == connection && ping.answered())
                .mapToInt(ReceivedPing::messagesBefore)
                .max()
                .orElse(0));
  }

  /**
   * Waits until at least {@code count} messages have come, over all connections.
   *
   * @return all that came
   * @throws SandboxException when they do not come in time
   */
  public List<ReceivedMessage> awaitCount(int count, Duration timeout) throws InterruptedException {
    return awaitAll(messages, count, timeout, "messages");
  }

  /** As {@link #awaitCount}, for pings. */
  public List<ReceivedPing> awaitPings(int count, Duration timeout) throws InterruptedException {
    return awaitAll(pings, count, timeout, "pings");
  }

  /** As {@link #awaitCount}, for pongs. */
  public List<ReceivedPong> awaitPongs(int count, Duration timeout) throws InterruptedException {
    return awaitAll(pongs, count, timeout, "pongs");
  }

  /** As {@link #awaitCount}, for ends of connections. */
  public List<ReceivedClose> awaitCloses(int count, Duration timeout) throws InterruptedException {
    return awaitAll(closes, count, timeout, "closes");
  }

  /**
   * The connection with this number, counted from 1, when it has been opened (it may be closed by
   * now).
   */
  public RecordedConnection awaitConnection(int number, Duration timeout)
      throws InterruptedException {
    return awaitAll(connections, number, timeout, "connections").get(number - 1);
  }

  /**
   * The latest connection.
   *
   * @throws SandboxException when there was none yet
   */
  public RecordedConnection connection() {
    return monitor.read(
        () -> {
          if (connections.isEmpty()) {
            throw new SandboxException("No client has connected to the recorder yet");
          }
          return connections.getLast();
        });
  }

  /** Whether pings are swallowed from now on; those that were swallowed are never answered. */
  public void pausePongs(boolean paused) {
    pongsPaused = paused;
  }

  /**
   * Closes with this code over every message of a kind, which is not kept. Replaces what was said
   * before.
   */
  public void objectTo(Predicate<ReceivedMessage> kind, int code, String reason) {
    objection = new Objection(kind, code, reason);
  }

  private <T> List<T> awaitAll(List<T> list, int count, Duration timeout, String what)
      throws InterruptedException {
    Supplier<String> otherwise =
        () -> "The recorder saw " + list.size() + " of " + count + " " + what;
    monitor.await(() -> list.size() >= count, timeout, otherwise);
    return monitor.read(() -> List.copyOf(list));
  }

  @Override
  void open(ChannelPipeline pipeline, int number, int maxMessageBytes) {
    MessageHandler handler = new MessageHandler(new Heard(number), number, maxMessageBytes);
    pipeline.addLast(new FlushConsolidationHandler(FLUSHES_TOGETHER, true), handler);
    RecordedConnection connection =
        new RecordedConnection(number, pipeline.channel(), handler, monitor);
    monitor.change(() -> connections.add(connection));
  }

  /** Keeps what one connection hears. */
  private final class Heard implements Ears {
    private final int number;

    Heard(int number) {
      this.number = number;
    }

    @Override
    public Answer message(ReceivedMessage message) {
      Objection raised = objection;
      if (raised.to().test(message)) {
        return Answer.close(raised.code(), raised.reason());
      }
      monitor.change(() -> messages.add(message));
      return Answer.take();
    }

    @Override
    public boolean ping(String payload, int messagesBefore) {
      boolean answered = !pongsPaused;
      monitor.change(() -> pings.add(new ReceivedPing(number, payload, messagesBefore, answered)));
      return answered;
    }

    @Override
    public void pong(String payload, int messagesBefore) {
      monitor.change(
          () -> {
            int covered = connections.get(number - 1).sentBeforePing(payload);
            pongs.add(new ReceivedPong(number, payload, messagesBefore, covered));
          });
    }

    @Override
    public void ended(int code, String reason) {
      monitor.change(() -> closes.add(new ReceivedClose(number, code, reason)));
    }

    @Override
    public void writabilityChanged() {
      monitor.change(() -> {});
    }
  }
}
