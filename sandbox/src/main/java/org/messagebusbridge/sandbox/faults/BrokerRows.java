package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitOperator;
import org.messagebusbridge.sandbox.SandboxException;

/**
 * The rows whose faults are the broker's, or its operator's. The load's own connections suffer with
 * the bridge's when the whole broker goes: what is not confirmed to the load it puts into the queue
 * again, as another sending of the same message.
 */
public final class BrokerRows {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(1);

  /** How long RabbitMQ may keep an acknowledgement to itself before it is on the disk. */
  private static final Duration UNSAVED = Duration.ofSeconds(1);

  private static final Duration TIME_TO_EMPTY = Duration.ofSeconds(30);
  private static final Duration ALARM = Duration.ofSeconds(10);
  private static final Duration FULL = Duration.ofSeconds(3);
  private static final int MAX_LENGTH = 2_000;
  private static final String FULL_POLICY = "faults-full";
  private static final String PUBLISHING = "mbb mqhandler publish";
  private static final String CONSUMING = "mbb mqhandler consume";

  private BrokerRows() {}

  /** All of them, in the order of the table. */
  public static List<Row> all() {
    return List.of(
        restarted(3),
        killed(3),
        connectionsClosed(5),
        channelErrors(6),
        queueDeleted(),
        memoryAlarm(),
        queueFull(3),
        leaderKilled());
  }

  /** The broker is shut down in order and started again. */
  public static Row restarted(int times) {
    return Row.of(
        "broker restarted, %s".formatted(Row.times(times)),
        stage -> {
          for (int i = 0; i < times; i++) {
            stage.flow(SHORT, LONG);
            stage.fault(
                () -> {
                  stage.node().stop();
                  stage.node().startAgain();
                });
          }
        });
  }

  /**
   * The broker dies of SIGKILL and is started again. It writes acknowledgements to the disk some
   * time after they came, and nobody is told when: those that die with it bring their messages
   * again, from a queue with a backlog many more than the bridge has in flight.
   */
  public static Row killed(int times) {
    return Row.of(
        "broker killed (-9), %s".formatted(Row.times(times)),
        stage -> {
          stage.node().saveDeclarations();
          for (int i = 0; i < times; i++) {
            stage.flow(SHORT, LONG);
            int before = stage.tally(Flow.TO_WS).received();
            Thread.sleep(UNSAVED);
            stage.fault(
                () -> {
                  stage.node().kill();
                  stage.unsaved(stage.tally(Flow.TO_WS).received() - before);
                  stage.node().startAgain();
                });
          }
        });
  }

  /** The operator closes both of the bridge's connections. */
  public static Row connectionsClosed(int times) {
    return Row.of(
        "connection closed by an operator, %s".formatted(Row.times(times)),
        stage -> {
          RabbitOperator operator = new RabbitOperator(stage.node());
          for (int i = 0; i < times; i++) {
            stage.flow(SHORT, LONG);
            stage.fault(
                () ->
                    stage.check(
                        operator.closeConnections(name -> name.startsWith("mbb mq"), "maintenance")
                            > 0,
                        "the operator found no connection of the bridge"));
          }
        });
  }

  /** The broker closes a channel of the bridge with 406, now the publishing, now the consuming. */
  public static Row channelErrors(int times) {
    return Row.of(
        "channel error, %s".formatted(Row.times(times)),
        stage -> {
          RabbitOperator operator = new RabbitOperator(stage.node());
          for (int i = 0; i < times; i++) {
            String connection = i % 2 == 0 ? PUBLISHING : CONSUMING;
            stage.flow(SHORT, LONG);
            stage.fault(
                () ->
                    stage.check(
                        operator.failChannels(connection) > 0,
                        "the broker found no channel of the connection " + connection));
          }
        });
  }

  /**
   * Each queue is deleted when it is empty, for what is in a deleted queue is its deleter's loss,
   * while the load flows the other way; the bridge has to make it again. Then messages for it come
   * at once.
   */
  public static Row queueDeleted() {
    return Row.of(
        "queue deleted and re-created, each once",
        stage -> {
          RabbitOperator operator = new RabbitOperator(stage.node());
          stage.flow(SHORT, LONG);
          stage.sender().pause();
          awaitNoneMissing(stage, Flow.TO_WS);
          stage.fault(
              () -> {
                operator.deleteQueue(stage.queue(Flow.TO_WS));
                stage.sender().begin(stage.setup().perSecond());
              });
          stage.feeder().pause();
          awaitNoneMissing(stage, Flow.FROM_WS);
          stage.fault(
              () -> {
                operator.deleteQueue(stage.queue(Flow.FROM_WS));
                stage.feeder().begin(stage.setup().perSecond());
              });
          stage.note("each queue was empty when it was deleted, and the load flowed the other way");
        });
  }

  private static void awaitNoneMissing(Stage stage, Flow flow) throws InterruptedException {
    long deadline = System.nanoTime() + TIME_TO_EMPTY.toNanos();
    boolean sent = stage.sender().awaitConfirmed(TIME_TO_EMPTY.toNanos());
    while (!sent
        || stage.tally(flow).missing() > 0
        || (flow == Flow.FROM_WS && stage.peer().receipted() < stage.feeder().due())) {
      if (System.nanoTime() - deadline > 0) {
        throw new SandboxException(
            "%d messages %s did not come before their queue was to be deleted"
                .formatted(stage.tally(flow).missing(), flow.label()));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** The broker has no memory left and reads from none who publishes. Nothing comes twice. */
  public static Row memoryAlarm() {
    return Row.of(
            "memory alarm for 10 s",
            stage -> {
              stage.flow(SHORT, LONG);
              stage.fault(
                  () -> {
                    stage.node().setMemoryAlarm(true);
                    try {
                      stage.flow(ALARM, ALARM);
                    } finally {
                      stage.node().setMemoryAlarm(false);
                    }
                  });
              stage.check(
                  stage.peer().connections() == 1,
                  "the WebSocket was given up over a broker in alarm");
            })
        .within(Limits.NONE_TWICE);
  }

  /**
   * Nobody takes from the queue from_ws until it is full and refuses what is published. What was on
   * its way behind a refused message may come before it: out of order, and reported.
   */
  public static Row queueFull(int times) {
    return Row.of(
            "reject-publish queue limit reached for 3 s, %s".formatted(Row.times(times)),
            stage -> {
              RabbitOperator operator = new RabbitOperator(stage.node());
              String queue = stage.queue(Flow.FROM_WS);
              operator.setPolicy(
                  FULL_POLICY,
                  "^" + queue.replace(".", "[.]") + "$",
                  "{\"max-length\": %d, \"overflow\": \"reject-publish\"}".formatted(MAX_LENGTH),
                  "queues");
              try {
                for (int i = 0; i < times; i++) {
                  stage.flow(SHORT, LONG);
                  stage.fault(() -> fill(stage));
                }
              } finally {
                operator.clearPolicy(FULL_POLICY);
              }
              stage.check(
                  stage.tally(Flow.TO_WS).sum().outOfOrder() == 0,
                  "messages to_ws came out of order");
            })
        .within(Limits.NONE_TWICE.unordered());
  }

  private static void fill(Stage stage) throws InterruptedException {
    stage.endTaking();
    long deadline = System.nanoTime() + TIME_TO_EMPTY.toNanos();
    while (stage.node().depth(stage.queue(Flow.FROM_WS)) < MAX_LENGTH) {
      if (System.nanoTime() - deadline > 0) {
        throw new SandboxException("The queue did not fill up to " + MAX_LENGTH);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    stage.flow(FULL, FULL);
    long depth = stage.node().depth(stage.queue(Flow.FROM_WS));
    stage.check(
        depth < MAX_LENGTH + 2L * stage.setup().window(),
        "the queue took %d messages over its limit".formatted(depth - MAX_LENGTH));
    stage.beginTaking();
  }

  /**
   * The node that leads one queue dies of SIGKILL, and later that of the other; each comes back. At
   * that moment a quorum queue hands messages to the consumers that died with the node, as if they
   * lived, and requeues them: these come late. The bridge counts what the broker says it delivered
   * before; no more may be late.
   */
  public static Row leaderKilled() {
    int http = FreePorts.next();
    return Row.of(
            "leader of a three-node cluster killed (-9), twice",
            stage -> {
              for (Flow flow : Flow.values()) {
                stage.flow(SHORT, LONG);
                RabbitNode leader = stage.cluster().awaitLeader(stage.queue(flow));
                stage.fault(leader::kill);
                leader.startAgain();
                stage.cluster().awaitLeader(stage.queue(flow));
              }
              stage.flow(LONG, LONG);
              long late = stage.tally(Flow.TO_WS).sum().outOfOrder();
              long requeued = BridgeMetrics.redelivered(http, Flow.TO_WS);
              stage.check(
                  late <= requeued && stage.tally(Flow.FROM_WS).sum().outOfOrder() == 0,
                  "messages came out of order that were not requeued");
              stage.note("of %d that the cluster requeued, %d came late".formatted(requeued, late));
            })
        .with(Setup.STANDARD.key("BRIDGE_HTTP_PORT", Integer.toString(http)))
        .within(Limits.WINDOWS.unordered())
        .on(Target.RABBIT_4_0_CLUSTER);
  }
}
