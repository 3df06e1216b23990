package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.RecordedConfirmations;
import org.messagebusbridge.bus.RecordedDeliveries;
import org.messagebusbridge.bus.RecordedLosses;
import org.messagebusbridge.bus.Source;

/** Connects WebSocket buses, and closes what was connected. */
final class Clients implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().factory());
  private final List<BusConnection> connections = new ArrayList<>();

  /** A connection with everything that it said. */
  record Client(
      BusConnection connection,
      RecordedConfirmations confirmations,
      RecordedDeliveries deliveries,
      RecordedLosses losses) {

    void send(Iterable<Message> messages) {
      messages.forEach(connection.sink()::send);
      connection.sink().flush();
    }

    void send(Message... messages) {
      send(List.of(messages));
    }
  }

  Bus bus(TestConfig config) {
    return new WebSocketBus(config.build(), timer);
  }

  Bus bus(WebSocketConfig config, Supplier<Credentials> credentials) {
    return new WebSocketBus(config, timer, credentials, InstantSource.system(), UUID::randomUUID);
  }

  Bus bus(TestConfig config, Source.Window window) {
    WebSocketConfig built = config.build();
    return new WebSocketBus(
        new Dialler(built, () -> Credentials.of(built), InstantSource.system(), UUID::randomUUID),
        window,
        timer);
  }

  /** A bus that writes only while it may. */
  Bus bus(TestConfig config, BooleanSupplier permission) {
    return new WebSocketBus(config.build(), timer).writingOnlyWhile(permission);
  }

  /** Connects and starts both ends. */
  Client start(TestConfig config) throws BusException, InterruptedException {
    Client client = connect(bus(config));
    client.connection().source().start(client.deliveries());
    return client;
  }

  /** Connects and starts the sink. */
  Client connect(Bus bus) throws BusException, InterruptedException {
    RecordedLosses losses = new RecordedLosses();
    BusConnection connection = bus.connect(losses);
    connections.add(connection);
    Client client =
        new Client(connection, new RecordedConfirmations(), new RecordedDeliveries(), losses);
    connection.sink().start(client.confirmations());
    return client;
  }

  /** How much the timer has to do yet, for all connections together. */
  int timersSet() {
    return timer.getQueue().size();
  }

  /** Why connecting fails. */
  BusException failure(TestConfig config) {
    return catchThrowableOfType(BusException.class, () -> connect(bus(config)));
  }

  @Override
  public void close() {
    connections.forEach(BusConnection::close);
    timer.shutdownNow();
  }
}
