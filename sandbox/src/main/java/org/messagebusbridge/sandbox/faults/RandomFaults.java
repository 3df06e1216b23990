package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.messagebusbridge.sandbox.HttpRefusal;
import org.messagebusbridge.sandbox.RabbitOperator;

/**
 * The faults of the matrix that one bridge goes through without being started again, in a random
 * order.
 */
final class RandomFaults {

  private static final Duration STALL = Duration.ofSeconds(4);
  private static final Duration ALARM = Duration.ofSeconds(4);
  private static final Duration REFUSED = Duration.ofSeconds(7);
  private static final List<Integer> CODES = List.of(1000, 1001, 1008, 1009, 1011, 1012, 1013);

  private final Stage stage;
  private final Map<String, Stage.Fault> faults = new LinkedHashMap<>();
  private final List<String> names;

  RandomFaults(Stage stage) {
    this.stage = stage;
    RabbitOperator operator = new RabbitOperator(stage.node());
    ofConnection("TCP cut", stage.proxy()::cut);
    ofConnection("end without a close frame", stage.proxy()::closeGracefully);
    ofConnection("half-open peer", stage.proxy()::halfOpen);
    ofConnection(
        "close",
        () -> stage.peer().closeAll(CODES.get(stage.random().nextInt(CODES.size())), "soak"));
    any("reader stalled", this::stall);
    any("handshake refused", this::refuse);
    any("memory alarm", this::alarm);
    any(
        "connections closed by the operator",
        () -> operator.closeConnections(name -> name.startsWith("mbb mq"), "soak"));
    any("channel error", () -> operator.failChannels("mbb mqhandler publish"));
    any("broker restarted", this::restart);
    any("broker killed", this::kill);
    names = List.copyOf(faults.keySet());
  }

  private void ofConnection(String name, Stage.Fault fault) {
    faults.put(name, () -> stage.faultOfConnection(fault));
  }

  private void any(String name, Stage.Fault fault) {
    faults.put(name, () -> stage.fault(fault));
  }

  /**
   * Injects one and waits until all is well again.
   *
   * @return its name
   */
  String strike() throws Exception {
    String name = names.get(stage.random().nextInt(names.size()));
    Stage.Fault fault = faults.get(name);
    if (fault != null) {
      fault.strike();
    }
    return name;
  }

  private void stall() throws InterruptedException {
    stage.peer().pauseReading(true);
    stage.flow(STALL, STALL);
    stage.peer().pauseReading(false);
  }

  private void refuse() throws InterruptedException {
    stage.service().refuseWhile(HttpRefusal.unavailable(), () -> true);
    stage.proxy().cut();
    stage.flow(REFUSED, REFUSED);
    stage.service().accept();
  }

  private void alarm() throws InterruptedException {
    stage.node().setMemoryAlarm(true);
    try {
      stage.flow(ALARM, ALARM);
    } finally {
      stage.node().setMemoryAlarm(false);
    }
  }

  private void restart() {
    stage.node().stop();
    stage.node().startAgain();
  }

  private void kill() {
    stage.node().kill();
    stage.node().startAgain();
  }
}
