package org.messagebusbridge.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.endtoend.BridgeProcess.Ended;
import org.messagebusbridge.endtoend.BridgeProcess.Ini;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.Certificates;
import org.messagebusbridge.sandbox.RawConversation;
import org.messagebusbridge.sandbox.RawFrame;
import org.messagebusbridge.sandbox.RawPeer;
import org.messagebusbridge.sandbox.Recorder;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.child.ProcessUse;

/**
 * Peers that mean no good, and hosts that are called what containers are called, by the real
 * command line: the bridge stays up in a bounded memory, says what happened on one line, and
 * delivers a thousand messages each way when the peer behaves.
 */
@Timeout(120)
class HostilePeerTest {
  private static final int MESSAGES = 1_000;
  private static final Traffic TO_WS = Traffic.texts("to");
  private static final Traffic FROM_WS = Traffic.texts("from");
  private static final long MOST_RESIDENT_KIB = 300 * 1024;

  @TempDir private Path directory;
  private final Broker broker = Brokers.embedded();
  private final String queues = "hostile-" + System.nanoTime();
  private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

  /** What a peer does before it behaves. */
  private interface Offence {
    /**
     * @param attempt 1, 2, 3 ...: how often the bridge has connected
     * @return whether the conversation is to go on as it should
     */
    boolean committedTo(RawConversation client, int attempt)
        throws IOException, InterruptedException;
  }

  @BeforeEach
  void fillQueue() throws Exception {
    broker.declareQueue(toWs());
    broker.declareQueue(fromWs());
    try (Queues clients = new Queues(broker)) {
      clients.publish(toWs(), TO_WS, MESSAGES);
    }
  }

  private String toWs() {
    return queues + ".to_ws";
  }

  private String fromWs() {
    return queues + ".from_ws";
  }

  private static List<String> texts(Traffic traffic) {
    return IntStream.rangeClosed(1, MESSAGES)
        .mapToObj(n -> new String(traffic.message(n).body(), UTF_8))
        .toList();
  }

  private Ini to(String apiHost) {
    return Ini.of(broker, apiHost, toWs(), fromWs());
  }

  private static BridgeProcess start(Path ini, String... options) throws IOException {
    return BridgeProcess.start(List.of(options), Map.of(), List.of("-c", ini.toString()));
  }

  /** A peer that behaves once it has committed this. */
  private RawPeer peer(Offence offence) {
    AtomicInteger attempts = new AtomicInteger();
    return RawPeer.playing(
        client -> {
          if (offence.committedTo(client, attempts.incrementAndGet())) {
            behave(client);
          }
        });
  }

  /** Sends the messages, takes those of the bridge, answers its pings. */
  private void behave(RawConversation client) throws IOException {
    for (int n = 1; n <= MESSAGES; n++) {
      client.send(RawFrame.text(FROM_WS.message(n).body()));
    }
    while (true) {
      RawFrame frame = client.read();
      if (frame.opcode() == RawFrame.PING) {
        client.send(RawFrame.of(true, RawFrame.PONG, frame.payload()));
      } else if (frame.opcode() == RawFrame.TEXT) {
        sent.add(frame.text());
      }
    }
  }

  /** Runs the bridge until all has arrived both ways; returns its standard error. */
  private String deliversAll(RawPeer peer, Ini ini, int extraFromWs) throws Exception {
    try (BridgeProcess bridge = start(ini.write(directory))) {
      List<String> arrived = new ArrayList<>();
      for (int n = 0; n < MESSAGES; n++) {
        String body = sent.poll(60, TimeUnit.SECONDS);
        assertThat(body)
            .as("message %s; frames of the bridge: %s", n, peer.frames().size())
            .isNotNull();
        arrived.add(String.valueOf(body));
      }
      assertThat(arrived).isEqualTo(texts(TO_WS));
      awaitDepth(MESSAGES + extraFromWs);
      long resident = new ProcessUse(bridge.pid()).peakResidentKib().orElse(0);
      Ended ended = bridge.terminate();

      assertThat(ended.exitCode()).as(ended.err()).isZero();
      assertThat(resident).as("KiB resident at most").isLessThan(MOST_RESIDENT_KIB);
      try (Queues clients = new Queues(broker)) {
        List<String> received =
            clients.drain(fromWs()).stream().map(body -> new String(body, UTF_8)).toList();
        assertThat(received.subList(extraFromWs, received.size())).isEqualTo(texts(FROM_WS));
      }
      assertThat(broker.depth(toWs())).isZero();
      System.out.printf(
          "%s: %d to_ws, %d from_ws, %d MiB resident at most%n",
          queues, arrived.size(), MESSAGES + extraFromWs, resident / 1024);
      return ended.err();
    }
  }

  private void awaitDepth(int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (broker.depth(fromWs()) < count) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void aHundredThousandPingsThatHaveToWait() throws Exception {
    ByteArrayOutputStream round = new ByteArrayOutputStream();
    round.writeBytes(RawFrame.text("one").bytes());
    for (int n = 0; n < 500; n++) {
      round.writeBytes(RawFrame.ping(new byte[0]).bytes());
    }
    Offence pings =
        (client, attempt) -> {
          client.open();
          for (int n = 0; n < 200; n++) {
            client.send(round.toByteArray());
          }
          return true;
        };
    try (RawPeer peer = peer(pings)) {
      assertThat(deliversAll(peer, to(peer.host()), 200)).isEmpty();
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  void framesThatPromiseMoreThanTheyHold() throws Exception {
    Offence promises =
        (client, attempt) -> {
          client.open();
          if (attempt <= 3) {
            client.send(RawFrame.binary(new byte[1_000]).declaring(24 << 20));
          }
          return attempt > 3;
        };
    try (RawPeer peer = peer(promises)) {
      Ini ini = to(peer.host()).set("ws_api", "ws_max_message_bytes", "25165824");
      assertThat(deliversAll(peer, ini, 0).lines())
          .hasSize(3)
          .allSatisfy(line -> assertThat(line).contains("onnection").contains(peer.url()));
    }
  }

  @Test
  void aFrameThatComesAByteAtATime() throws Exception {
    Offence dribble =
        (client, attempt) -> {
          client.open();
          if (attempt == 1) {
            client.send(RawFrame.binary(new byte[0]).declaring(1 << 20));
            while (true) {
              client.send("x");
              TimeUnit.MILLISECONDS.sleep(100); // its pace
            }
          }
          return true;
        };
    try (RawPeer peer = peer(dribble)) {
      Ini ini = to(peer.host()).set("ws_api", "ws_pong_timeout_secs", "2");
      assertThat(deliversAll(peer, ini, 0).lines())
          .hasSize(1)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .contains("sent a frame at less than 500 bytes a second for 2 s"));
    }
  }

  @Test
  void aServiceThatWantsToBeLeftAloneForThirtyYears() throws Exception {
    Offence busy =
        (client, attempt) -> {
          if (attempt == 1) {
            client.readRequest();
            client.send("HTTP/1.1 503 x\r\nRetry-After: 999999999\r\n\r\n");
            return false;
          }
          client.open("HTTP/1.1 103 Early Hints\r\n\r\n", "Sec-WebSocket-Extensions:\r\n");
          return true;
        };
    try (RawPeer peer = peer(busy)) {
      Ini ini = to(peer.host()).set("ws_api", "ws_max_retry_after_secs", "1");
      assertThat(deliversAll(peer, ini, 0).lines())
          .hasSize(1)
          .allSatisfy(line -> assertThat(line).contains("in more than 1 s"));
    }
  }

  @Test
  void messagesThatSwellAndReasonsThatForgeTheLog() throws Exception {
    byte[] bomb = compressed(new byte[64 << 20]);
    Offence bombs =
        (client, attempt) -> {
          client.open("", attempt == 1 ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "");
          if (attempt == 1) {
            client.send(RawFrame.binary(bomb).withRsv(4));
            client.readToEnd();
          } else if (attempt == 2) {
            client.send(
                RawFrame.close(
                    1012, "\u001b[2J\nerror: all is lost.\u009b31m\u202edne\u2066\u2028x"));
            client.readToEnd();
          }
          return true;
        };
    try (RawPeer peer = peer(bombs)) {
      Ini ini = to(peer.host()).set("ws_api", "ws_compression", "permessage-deflate");
      String errors = deliversAll(peer, ini, 0);

      assertThat(errors.lines()).hasSize(2);
      assertThat(errors)
          .contains("a message of more than 16777216 bytes (ws_max_message_bytes)")
          .contains("saying \"[2J error: all is lost. 31m dne x\".");
      assertThat(errors.chars().filter(c -> c != '\n' && (c < 0x20 || c > 0x7e))).isEmpty();
    }
  }

  private static byte[] compressed(byte[] body) {
    try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
      deflater.setInput(body);
      byte[] out = new byte[body.length / 500];
      int count = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
      return Arrays.copyOf(out, count - 4); // without its tail (RFC 7692, section 7.2.1)
    }
  }

  @Test
  void aLimitThatTheHeapHasNoRoomFor() throws Exception {
    Ini ini = to("ws://127.0.0.1:9").set("ws_api", "ws_max_message_bytes", "1073741824");
    try (BridgeProcess bridge = start(ini.write(directory))) {
      Ended ended = bridge.await();

      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err())
          .matches(
              "error: ws_max_message_bytes is 1073741824, for which the bridge needs a heap of 5160"
                  + " MiB, but it has 1[89]\\d MiB; set it to 3\\d{7} at most, or set"
                  + " MBB_JAVA_OPTS=-Xmx5805m\\.\n");
      assertThat(broker.depth(toWs())).isEqualTo(MESSAGES);
    }
  }

  @Test
  void hostsThatAreCalledAsContainersAre() throws Exception {
    Path hosts =
        Files.writeString(
            directory.resolve("hosts"),
            "127.0.0.1 shop_api_1 shop_rabbit_1. shop_rabbit_1 api.shop_net localhost\n");
    Certificates certificates = Certificates.in(directory.resolve("certificates"));
    Recorder recorder = new Recorder();
    try (WebSocketService service =
        WebSocketService.builder()
            .behaviour(recorder)
            .tls(certificates.serverContext(certificates.containerServer()), false)
            .start()) {
      Ini ini =
          to("wss://shop_api_1:" + service.port())
              .set("ws_api", "ws_ca_file", certificates.caFile().toString())
              .set("aws_mq", "mq_host", "shop_rabbit_1.");
      try (BridgeProcess bridge = start(ini.write(directory), "-Djdk.net.hosts.file=" + hosts)) {
        assertThat(
                recorder.awaitCount(MESSAGES, Duration.ofSeconds(60)).stream()
                    .map(message -> message.text())
                    .toList())
            .isEqualTo(texts(TO_WS));
        assertThat(service.handshakes().getFirst().request().header("Host"))
            .contains("shop_api_1:" + service.port());
        assertThat(bridge.terminate().exitCode()).isZero();
      }
    }
  }
}
