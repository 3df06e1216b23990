package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.messagebusbridge.sandbox.HttpRefusal;

/** The rows whose faults are on the side of the WebSocket. */
public final class WebSocketRows {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(1);
  private static final Duration REFUSED = Duration.ofSeconds(20);
  private static final Duration PROMPT = Duration.ofSeconds(2);

  /** With {@code ws_receipt_grace_ms}, which what was on such a connection stands. */
  private static final Duration PROMPT_AFTER_A_REFUSAL = Duration.ofMillis(3_500);

  private static final Duration STALLED = Duration.ofSeconds(8);

  /** What stands for an end without a close frame (RFC 6455, section 7.4.1). */
  static final int ABNORMAL = 1006;

  private static final int[] CODES = {1000, 1001, ABNORMAL, 1008, 1009, 1011, 1012, 1013};

  private WebSocketRows() {}

  /** All of them, in the order of the table. */
  public static List<Row> all() {
    return Stream.of(
            Stream.of(
                promptly(cuts(100), PROMPT), cutsWithFlush(100), halfOpen(3), stalledReader()),
            IntStream.of(CODES).mapToObj(code -> promptly(closed(code, 3), limit(code))),
            Stream.of(handshakeRefused()))
        .flatMap(rows -> rows)
        .toList();
  }

  /**
   * The same, which fails when it takes long to get back to the full rate from a peer that is there
   * at once. For a machine that has nothing else to do.
   */
  private static Row promptly(Row row, Duration limit) {
    return row.into(
        stage -> {
          row.injection().into(stage);
          stage.check(
              stage.recoveries().areWithin(limit),
              "it took long to get back to the full rate: " + stage.recoveries().slower(limit));
        });
  }

  private static Duration limit(int code) {
    boolean orderly = code == 1000 || code == 1001 || code == 1012 || code == ABNORMAL;
    return orderly ? PROMPT : PROMPT_AFTER_A_REFUSAL;
  }

  /** The TCP connection is cut at random moments. */
  public static Row cuts(int times) {
    return Row.of("TCP cut at a random moment, %s".formatted(Row.times(times)), cutting(times));
  }

  /** The same with {@code ws_delivery_confirm = flush}, which loses what is on the wire. */
  public static Row cutsWithFlush(int times) {
    return Row.of(
            "TCP cut with ws_delivery_confirm=flush, %s".formatted(Row.times(times)),
            cutting(times))
        .with(
            Setup.STANDARD
                .key("WS_API_WS_DELIVERY_CONFIRM", "flush")
                .patience(Duration.ofSeconds(5)))
        .within(Limits.WINDOWS.lossy())
        .on(Target.RABBIT_3_10, Target.RABBIT_4_0_QUORUM);
  }

  private static Row.Injection cutting(int times) {
    return stage -> {
      for (int i = 0; i < times; i++) {
        stage.flow(Duration.ofMillis(20), Duration.ofMillis(220));
        stage.faultOfConnection(stage.proxy()::cut);
      }
    };
  }

  /** The network swallows every packet of a connection that both ends take for open. */
  public static Row halfOpen(int times) {
    return Row.of(
            "half-open peer (packets swallowed), ws_pong_timeout_secs=2, %s"
                .formatted(Row.times(times)),
            stage -> {
              for (int i = 0; i < times; i++) {
                stage.flow(SHORT, LONG);
                stage.faultOfConnection(stage.proxy()::halfOpen);
              }
            })
        .with(Setup.STANDARD.key("WS_API_WS_PONG_TIMEOUT_SECS", "2"));
  }

  /** The peer does not read; the bridge waits, keeps the connection and sends nothing twice. */
  public static Row stalledReader() {
    return Row.of(
            "reader stalled for 8 s",
            stage -> {
              stage.flow(SHORT, LONG);
              stage.fault(
                  () -> {
                    stage.peer().pauseReading(true);
                    stage.flow(STALLED, STALLED);
                    stage.peer().pauseReading(false);
                  });
              stage.check(
                  stage.peer().connections() == 1, "the WebSocket of a slow reader was given up");
            })
        .within(Limits.NONE_TWICE);
  }

  /** The peer closes with a code; 1006 stands for an end without a close frame. */
  public static Row closed(int code, int times) {
    return Row.of(
        "close %d, %s".formatted(code, Row.times(times)),
        stage -> {
          for (int i = 0; i < times; i++) {
            stage.flow(SHORT, LONG);
            stage.faultOfConnection(
                () -> {
                  if (code == ABNORMAL) {
                    stage.proxy().closeGracefully();
                  } else {
                    stage.peer().closeAll(code, "fault matrix");
                  }
                });
          }
        });
  }

  /** The peer is away for longer than messages are held: they go back to their queue. */
  public static Row handshakeRefused() {
    return Row.of(
        "handshake refused for 20 s (503)",
        stage -> {
          stage.flow(SHORT, LONG);
          stage.fault(
              () -> {
                stage.service().refuseWhile(HttpRefusal.unavailable(), () -> true);
                stage.proxy().cut();
                stage.flow(REFUSED, REFUSED);
                stage.service().accept();
              });
        });
  }
}
