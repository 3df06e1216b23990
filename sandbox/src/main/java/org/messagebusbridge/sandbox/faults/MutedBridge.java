package org.messagebusbridge.sandbox.faults;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.Settings;

/** A bridge whose log nobody can read: that it relays is seen by its consumer. */
public final class MutedBridge implements BridgeUnderTest {

  private static final long POLL_MILLIS = 50;

  private final BridgeUnderTest bridge;
  private final Settings settings;

  private MutedBridge(BridgeUnderTest bridge, Settings settings) {
    this.bridge = bridge;
    this.settings = settings;
  }

  /** Bridges like these, whose log goes nowhere. */
  public static Starter of(Starter starter) {
    return (Settings settings, Map<String, String> keys) ->
        new MutedBridge(starter.start(settings, keys), settings);
  }

  @Override
  public void awaitRelaying(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!consumes()) {
      if (System.nanoTime() - deadline > 0 || !isRunning()) {
        throw new SandboxException("The bridge does not relay, and cannot say why.");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private boolean consumes() {
    try (Connection connection =
        settings.broker().connectionFactory().newConnection("faults probe")) {
      return connection.createChannel().queueDeclarePassive(settings.queueToWs()).getConsumerCount()
          > 0;
    } catch (IOException | TimeoutException e) {
      return false; // the queue is not there yet
    }
  }

  @Override
  public boolean isRunning() {
    return bridge.isRunning();
  }

  @Override
  public void terminate() {
    bridge.terminate();
  }

  @Override
  public void kill() throws InterruptedException {
    bridge.kill();
  }

  @Override
  public OptionalInt awaitExit(Duration timeout) throws InterruptedException {
    return bridge.awaitExit(timeout);
  }

  @Override
  public long requeued() {
    return bridge.requeued();
  }

  @Override
  public String lastWords() {
    return bridge.lastWords();
  }

  @Override
  public OptionalLong pid() {
    return bridge.pid();
  }

  @Override
  public void close() {
    bridge.close();
  }
}
