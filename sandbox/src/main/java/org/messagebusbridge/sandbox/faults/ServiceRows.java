package org.messagebusbridge.sandbox.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.messagebusbridge.sandbox.interop.Peer;

/**
 * The rows about what live services do, each with one on a foreign server. What its handler says
 * that it took is what came; a poison message is one that it does not take.
 */
public final class ServiceRows {

  private static final String POISON = "POISON";

  /** How long a service may take to have all but the poison, blame and backoff included. */
  private static final Duration TIME_TO_BLAME = Duration.ofMinutes(4);

  /** A pause between attempts that has grown to five minutes, and something for the rest. */
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(330);

  private static final Duration REFUSED = Duration.ofSeconds(90);
  private static final Duration TROUBLE = Duration.ofSeconds(30);
  private static final Duration AWAY = Duration.ofSeconds(60);
  private static final Duration TIME_TO_COME = Duration.ofSeconds(60);
  private static final Duration SUPERVISORS_PAUSE = Duration.ofSeconds(1);

  private static final String ATTEMPTS = "WS_API_WS_MAX_CONNECT_ATTEMPTS";
  private static final Map<String, String> WELL = Map.of();

  private ServiceRows() {}

  /** All of them, in the order of the table. */
  public static List<Row> all() {
    return List.of(
        slow(Peer.GORILLA, 1_000).on(Target.RABBIT_3_10),
        slow(Peer.WEBSOCKETS, 1_000).on(Target.RABBIT_4_0_QUORUM),
        poison(Peer.JETTY, 0, 200).on(Target.RABBIT_3_10),
        poison(Peer.JETTY, 0, 2_000).on(Target.RABBIT_4_0_QUORUM),
        poison(Peer.TOMCAT, 0, 200).on(Target.RABBIT_4_0_QUORUM),
        poison(Peer.GORILLA, 4400, 2_000).on(Target.RABBIT_3_10),
        poison(Peer.WEBSOCKETS, 0, 200).on(Target.RABBIT_3_10),
        poison(Peer.WEBSOCKETS, 0, 2_000).on(Target.RABBIT_4_0_QUORUM),
        poison(Peer.UVICORN, 1008, 200).on(Target.RABBIT_4_0_QUORUM),
        poison(Peer.UVICORN, 1008, 2_000).on(Target.RABBIT_3_10),
        poison(Peer.DAPHNE, 1011, 200).on(Target.RABBIT_3_10),
        poison(Peer.SANIC, 1011, 200).on(Target.RABBIT_4_0_QUORUM),
        poison(Peer.GORILLA, 0, 2_000).on(Target.RABBIT_4_3_QUORUM),
        poison(Peer.WEBSOCKETS, WebSocketRows.ABNORMAL, 200).on(Target.RABBIT_3_10),
        poison(Peer.WEBSOCKETS, WebSocketRows.ABNORMAL, 2_000).on(Target.RABBIT_4_3_QUORUM),
        refused(Peer.UVICORN, 1008, "please log in").on(Target.RABBIT_3_10),
        refused(Peer.GORILLA, 1008, "session expired").on(Target.RABBIT_4_0_QUORUM),
        oddPongs(Peer.WS, "empty", 200).on(Target.RABBIT_3_10),
        oddPongs(Peer.GORILLA, "other", 2_000).on(Target.RABBIT_4_0_QUORUM),
        noPongs(Peer.WS).on(Target.RABBIT_3_10),
        closedAtOnce(Peer.GORILLA, 200).on(Target.RABBIT_3_10),
        closedAtOnce(Peer.UVICORN, 2_000).on(Target.RABBIT_4_0_QUORUM),
        poisonUnderASupervisor(Peer.JETTY).on(Target.RABBIT_4_0_QUORUM),
        closedUnderASupervisor(Peer.GORILLA).on(Target.RABBIT_4_0_QUORUM),
        away(Peer.WEBSOCKETS, "unlimited").on(Target.RABBIT_3_10),
        awayWithDefaults(Peer.WEBSOCKETS).on(Target.RABBIT_4_0_QUORUM));
  }

  /** 1: a handler that takes 100 ms for each message; nothing is taken for dead, nothing twice. */
  public static Row slow(Peer peer, int messages) {
    return Row.of(
            "slow: %s takes 100 ms a message, %,d wait".formatted(peer.label(), messages),
            stage -> {
              stage.sender().begin(stage.setup().perSecond(), messages);
              stage.await(
                  () -> stage.tally(Flow.TO_WS).received() >= messages,
                  Duration.ofMillis(100L * messages * 2).plus(TIME_TO_COME),
                  "the messages were not handled");
              stage.check(
                  stage.guest().opened() == 1,
                  "it took %d connections".formatted(stage.guest().opened()));
            })
        .with(Setup.STANDARD.guest(peer, Map.of("ECHO_SLOW_MS", "100")))
        .within(Limits.NONE_TWICE);
  }

  /**
   * 2 and 3: two messages among others that the handler does not take.
   *
   * @param code what it closes with; 0: it throws, and the server does what it does then
   */
  public static Row poison(Peer peer, int code, int perSecond) {
    int messages = 10 * perSecond;
    IntPredicate poison = number -> number == messages / 4 || number == messages / 2;
    return Row.of(
            "poison: %s %s over two of %,d, %,d a second"
                .formatted(
                    peer.label(),
                    switch (code) {
                      case 0 -> "throws";
                      case WebSocketRows.ABNORMAL -> "cuts the connection";
                      default -> "closes with " + code;
                    },
                    messages,
                    perSecond),
            stage -> {
              poison(stage, poison);
              // A backlog would go at a higher rate than the one that the row is about.
              stage.bridge().awaitRelaying(TIME_TO_COME);
              stage.sender().begin(perSecond, messages);
              stage.await(
                  () -> stage.tally(Flow.TO_WS).received() >= messages - 2,
                  TIME_TO_BLAME,
                  "the other messages were not handled");
              countLosses(stage);
            })
        .with(Setup.STANDARD.perSecond(perSecond).guest(peer, overPoison(code)));
  }

  /** 4: whatever is sent, the service closes; in the end it is well again. */
  public static Row refused(Peer peer, int code, String reason) {
    return Row.of(
            "refused session: %s closes with %d '%s' whatever is sent, for %d s"
                .formatted(peer.label(), code, reason, REFUSED.toSeconds()),
            stage -> {
              stage.mayGiveUp(2);
              stage.sender().begin(stage.setup().perSecond(), 2_000);
              stage.flow(REFUSED, REFUSED);
              int refused = stage.guest().opened();
              comeBackWell(stage);
              stage.note("%d connections while it refused".formatted(refused));
              stage.await(
                  () -> stage.tally(Flow.TO_WS).received() >= 2_000 - 2,
                  LONGEST_BACKOFF,
                  "the messages were not handled when the service was well again");
              countLosses(stage);
            })
        .with(
            Setup.STANDARD
                .perSecond(200)
                .guest(
                    peer,
                    Map.of("ECHO_REFUSE_CODE", Integer.toString(code), "ECHO_REASON", reason)));
  }

  /** 5: pings are answered, but not with their payload. */
  public static Row oddPongs(Peer peer, String how, int perSecond) {
    int messages = 5 * perSecond;
    return Row.of(
            "odd pongs: %s answers pings with %s payload, %,d a second"
                .formatted(peer.label(), how.equals("empty") ? "an empty" : "another", perSecond),
            stage -> {
              stage.sender().begin(perSecond, messages);
              stage.await(
                  () -> stage.tally(Flow.TO_WS).received() >= messages,
                  TIME_TO_COME,
                  "the messages were not handled");
              // Longer than the 30 s of ws_pong_timeout_secs: what had no receipt would come again.
              stage.flow(Duration.ofSeconds(35), Duration.ofSeconds(35));
              stage.check(
                  stage.guest().opened() == 1,
                  "it took %d connections".formatted(stage.guest().opened()));
            })
        .with(Setup.STANDARD.perSecond(perSecond).guest(peer, Map.of("ECHO_PONG", how)))
        .within(Limits.NONE_TWICE);
  }

  /** 5: pings are never answered: nothing is blamed; in the end they are. */
  public static Row noPongs(Peer peer) {
    return Row.of(
            "no pongs: %s answers no ping for %d s, ws_pong_timeout_secs=2"
                .formatted(peer.label(), TROUBLE.toSeconds()),
            stage -> {
              stage.sender().begin(stage.setup().perSecond(), 1_000);
              stage.flow(TROUBLE, TROUBLE);
              comeBackWell(stage);
              stage.await(
                  () -> stage.tally(Flow.TO_WS).received() >= 1_000,
                  LONGEST_BACKOFF,
                  "the messages were not handled when the service was well again");
              countLosses(stage);
            })
        .with(
            Setup.STANDARD
                .perSecond(200)
                .key("WS_API_WS_PONG_TIMEOUT_SECS", "2")
                .guest(peer, Map.of("ECHO_PONG", "none")));
  }

  /** 6: connections are accepted, then closed with 1013; a default bridge stays. */
  public static Row closedAtOnce(Peer peer, int perSecond) {
    int messages = 10 * perSecond;
    return Row.of(
            "closed at once: %s accepts and closes with 1013 for %d s, %,d a second"
                .formatted(peer.label(), TROUBLE.toSeconds(), perSecond),
            stage -> {
              stage.sender().begin(perSecond, messages);
              stage.flow(TROUBLE, TROUBLE);
              int closed = stage.guest().opened();
              comeBackWell(stage);
              stage.note("%d connections while it closed".formatted(closed));
              stage.await(
                  () -> stage.tally(Flow.TO_WS).received() >= messages,
                  TIME_TO_BLAME,
                  "the messages were not handled when the service was well again");
            })
        .with(
            Setup.STANDARD
                .perSecond(perSecond)
                .withoutKey(ATTEMPTS)
                .guest(peer, Map.of("ECHO_CLOSE_CODE", "1013")))
        .within(Limits.NONE_TWICE);
  }

  /** 7: poison in a queue with a delivery limit, and whoever starts the bridge again. */
  public static Row poisonUnderASupervisor(Peer peer) {
    return Row.of(
            "supervised: %s throws over one of 100 in a quorum queue of the application"
                .formatted(peer.label()),
            stage -> {
              poison(stage, number -> number == 0);
              stage.sender().begin(stage.setup().perSecond(), 100);
              supervise(stage, () -> stage.tally(Flow.TO_WS).received() >= 99, TIME_TO_BLAME);
              countLosses(stage);
            })
        .with(supervised().guest(peer, overPoison(0)));
  }

  /** 7: a service that closes at once, for longer than 20 deliveries used to take. */
  public static Row closedUnderASupervisor(Peer peer) {
    return Row.of(
            "supervised: %s closes with 1013 for %d s, 100 in a quorum queue of the application"
                .formatted(peer.label(), REFUSED.toSeconds()),
            stage -> {
              stage.sender().begin(stage.setup().perSecond(), 100);
              long until = System.nanoTime() + REFUSED.toNanos();
              supervise(stage, () -> System.nanoTime() - until > 0, REFUSED.multipliedBy(2));
              comeBackWell(stage);
              supervise(stage, () -> stage.tally(Flow.TO_WS).received() >= 100, TIME_TO_BLAME);
            })
        .with(supervised().guest(peer, Map.of("ECHO_CLOSE_CODE", "1013")))
        .within(Limits.NONE_TWICE);
  }

  private static Setup supervised() {
    return Setup.STANDARD.perSecond(200).withoutKey(ATTEMPTS).queuesMadeBefore(Map.of());
  }

  /** 8: the service is down for a minute. */
  public static Row away(Peer peer, String attempts) {
    return Row.of(
            "down: %s away for %d s, ws_max_connect_attempts=%s"
                .formatted(peer.label(), AWAY.toSeconds(), attempts),
            stage -> {
              beDown(stage);
              stage.await(
                  () -> stage.tally(Flow.TO_WS).missing() == 0,
                  TIME_TO_BLAME,
                  "the messages were not handled when the service was back");
              countLosses(stage);
            })
        .with(Setup.STANDARD.perSecond(200).key(ATTEMPTS, attempts).guest(peer, WELL));
  }

  /** 8: the same with defaults: it may give up, says so, and is started again. */
  public static Row awayWithDefaults(Peer peer) {
    return Row.of(
            "down: %s away for %d s, defaults".formatted(peer.label(), AWAY.toSeconds()),
            stage -> {
              BridgeUnderTest first = stage.bridge();
              beDown(stage);
              stage.check(
                  first.isRunning() || first.lastWords().contains("ws_max_connect_attempts"),
                  "it ended without the key that decides it: " + first.lastWords());
              supervise(stage, () -> stage.tally(Flow.TO_WS).missing() == 0, TIME_TO_BLAME);
              countLosses(stage);
            })
        .with(Setup.STANDARD.perSecond(200).withoutKey(ATTEMPTS).guest(peer, WELL));
  }

  private static void beDown(Stage stage) throws Exception {
    stage.sender().begin(stage.setup().perSecond());
    stage.await(
        () -> stage.tally(Flow.TO_WS).received() > 200, TIME_TO_COME, "nothing was handled");
    stage.guest().kill();
    stage.flow(AWAY, AWAY);
    stage.guest().comeBack(Stage.withoutReply(WELL));
    stage.endLoad();
  }

  private static void comeBackWell(Stage stage) throws InterruptedException {
    stage.guest().kill();
    stage.guest().comeBack(Stage.withoutReply(WELL));
  }

  private static Map<String, String> overPoison(int code) {
    return Map.of(
        "ECHO_POISON", POISON, "ECHO_POISON_CODE", code == 0 ? "" : Integer.toString(code));
  }

  private static void poison(Stage stage, IntPredicate poison) {
    stage.expectGivenUp(Flow.TO_WS, poison);
    stage.bodies(
        message -> {
          byte[] body = message.bytes(stage.setup().size());
          if (poison.test(message.number())) {
            System.arraycopy(
                POISON.getBytes(US_ASCII), 0, body, Numbered.MIN_SIZE, POISON.length());
          }
          return body;
        });
  }

  /** Each connection but the last was lost, with at most a window of messages on it. */
  private static void countLosses(Stage stage) throws Exception {
    for (int i = 1; i < stage.guest().opened(); i++) {
      stage.strike(() -> {});
    }
  }

  /** Starts the bridge again whenever it has ended, a second later, until the condition holds. */
  private static void supervise(Stage stage, BooleanSupplier until, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!until.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        stage.check(false, "the messages were not handled within " + timeout.toSeconds() + " s");
        return;
      }
      if (!stage.bridge().isRunning()) {
        TimeUnit.NANOSECONDS.sleep(SUPERVISORS_PAUSE.toNanos());
        stage.startBridge();
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
