package org.messagebusbridge.websocket;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusFixture;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Message.Form;
import org.messagebusbridge.bus.Utf8;
import org.messagebusbridge.sandbox.RecordedConnection;
import org.messagebusbridge.sandbox.Recorder;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.websocket.WebSocketConfig.Compression;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;

/** The WebSocket bus and a service that records what it is sent. */
final class WebSocketFixture implements BusFixture {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final DeliveryConfirm confirm;
  private final Recorder recorder = new Recorder();
  private final WebSocketService service;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final Bus bus;

  WebSocketFixture(DeliveryConfirm confirm, Compression compression) {
    this.confirm = confirm;
    name = "websocket, " + confirm + ", compression " + compression;
    service =
        WebSocketService.builder()
            .behaviour(recorder)
            .compression(compression == Compression.PERMESSAGE_DEFLATE)
            .start();
    TestConfig config = new TestConfig(service.host(), service.uri());
    config.deliveryConfirm = confirm;
    config.compression = compression;
    bus = new WebSocketBus(config.build(), timer);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Bus bus() {
    return bus;
  }

  @Override
  public void offer(BusConnection connection, List<Message> messages) throws Exception {
    RecordedConnection client = recorder.connection();
    for (Message message : messages) {
      client.sendFragments(message.form() == Form.TEXT, message.body());
    }
  }

  @Override
  public List<Message> received(BusConnection connection, int atLeast) throws InterruptedException {
    try {
      recorder.awaitCount(atLeast, PATIENCE);
    } catch (SandboxException e) {
      // Fewer than were waited for: what there is, is for the test to judge.
    }
    return recorder.messages().stream()
        .map(m -> Message.of(m.body(), m.isText() ? Form.TEXT : Form.BINARY))
        .toList();
  }

  @Override
  public Message asReceived(Message sent) {
    return Message.of(sent.body(), Utf8.valid(sent.body()) ? Form.TEXT : Form.BINARY);
  }

  @Override
  public boolean confirmsWhatHasArrivedOnly() {
    return confirm == DeliveryConfirm.PONG;
  }

  @Override
  public void cut() {
    service.abortAll();
  }

  @Override
  public void close() {
    service.close();
    timer.shutdownNow();
    try {
      timer.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
