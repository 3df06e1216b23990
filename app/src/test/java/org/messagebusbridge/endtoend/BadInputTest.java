package org.messagebusbridge.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.endtoend.BridgeProcess.Ended;
import org.messagebusbridge.endtoend.BridgeProcess.Ini;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.Certificates;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.HttpRefusal;
import org.messagebusbridge.sandbox.Identity;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.RawFrame;
import org.messagebusbridge.sandbox.RawPeer;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.junit.Needs;

/**
 * What a user can get wrong, or be sent, by the real command line: one clear sentence on standard
 * error, the right exit code, no stack trace, and nothing lost from a queue.
 */
@Timeout(180)
class BadInputTest {
  private static final Pattern START_LINE =
      Pattern.compile("MQ to WebSocket Message Bridge v\\S+ starting up\n");
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ";
  private static final int WAITING = 3;

  @TempDir private Path directory;
  private final Broker broker = Brokers.embedded();
  private final String queues = "bad-" + System.nanoTime();

  @Test
  void aMissingFile() throws Exception {
    Path missing = directory.resolve("missing.ini");
    Ended ended = BridgeProcess.start("-c", missing.toString()).await();
    mistake(ended, "There is no file " + missing + "; name another with -c.");
  }

  @Test
  void aFileThatIsADirectory() throws Exception {
    Ended ended = BridgeProcess.start("-c", directory.toString()).await();
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(sentence(ended)).contains(directory.toString()).contains("directory");
  }

  @Test
  void aFileWithoutASection() throws Exception {
    Path file = Files.writeString(directory.resolve("none.ini"), "client_id=1\n");
    Ended ended = BridgeProcess.start("-c", file.toString()).await();
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(sentence(ended)).contains(file + " has no section").contains("[ws_api]");
  }

  @Test
  void everythingWrongInTheFileAtOnceAndNoSecretShown() throws Exception {
    Ini ini =
        working("ws://127.0.0.1:9")
            .set("ws_api", "client_secret", "abcdefg-very-secret")
            .set("ws_api", "ws_ping_interval", "often")
            .set("aws_mq", "mq_port", "66000")
            .set("aws_mq", "mq_prefech", "5");
    Ended ended = BridgeProcess.start("-c", ini.write(directory).toString()).await();
    assertThat(ended.exitCode()).isEqualTo(2);
    assertNoTrace(ended);
    assertThat(ended.err())
        .contains("client_secret")
        .contains("ws_ping_interval")
        .contains("mq_port")
        .contains("mq_prefetch")
        .doesNotContain("very-secret");
  }

  @Test
  void aSecretOfOddLength() throws Exception {
    Ini ini = working("ws://127.0.0.1:9").set("ws_api", "client_secret", "abc");
    Ended ended = BridgeProcess.start("-c", ini.write(directory).toString()).await();
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(sentence(ended)).contains("client_secret").contains("odd");
  }

  @Test
  void aWrongPassword() throws Exception {
    Ini ini = working("ws://127.0.0.1:9").set("aws_mq", "mq_password", "not-the-password");
    Ended ended = BridgeProcess.start("-X", "-c", ini.write(directory).toString()).await();
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(sentence(ended))
        .contains("127.0.0.1:" + broker.port())
        .contains("mq_password")
        .doesNotContain("not-the-password");
  }

  @Test
  void anUnknownVirtualHost() throws Exception {
    Ini ini = working("ws://127.0.0.1:9").set("aws_mq", "mq_vhost", "nowhere");
    Ended ended = BridgeProcess.start("-X", "-c", ini.write(directory).toString()).await();
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(sentence(ended)).contains("nowhere").contains("mq_vhost");
  }

  @Test
  void anUnknownHost() throws Exception {
    Ini ini =
        working("ws://127.0.0.1:9")
            .set("aws_mq", "mq_host", "no-such-host.invalid")
            .set("aws_mq", "mq_max_connect_attempts", "1");
    Ended ended = BridgeProcess.start("-X", "-c", ini.write(directory).toString()).await();
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(sentence(ended)).contains("no-such-host.invalid").contains("mq_host");
  }

  @Test
  void aRefusedPort() throws Exception {
    int nobody = FreePorts.next();
    Ini ini =
        working("ws://127.0.0.1:9")
            .set("aws_mq", "mq_port", Integer.toString(nobody))
            .set("aws_mq", "mq_max_connect_attempts", "1");
    Ended ended = BridgeProcess.start("-X", "-c", ini.write(directory).toString()).await();
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(sentence(ended)).contains("127.0.0.1:" + nobody).contains("mq_port");
  }

  @ParameterizedTest
  @CsvSource({
    "401, 2, client_secret",
    "403, 2, client_secret",
    "404, 2, api_uri",
    "429, 1, 429",
    "500, 1, 500"
  })
  void aHandshakeThatIsRefused(int status, int exitCode, String hint) throws Exception {
    try (WebSocketService service =
        WebSocketService.builder().refuse(HttpRefusal.of(status, "no")).start()) {
      fillQueue();
      Ini ini = working(service.host()).set("ws_api", "ws_max_connect_attempts", "1");
      Ended ended = BridgeProcess.start("-c", ini.write(directory).toString()).await();
      assertThat(ended.exitCode()).isEqualTo(exitCode);
      assertThat(sentence(ended)).contains(Integer.toString(status)).contains(hint);
      assertThat(ended.err()).doesNotContain("jwt=");
      assertThat(service.connectionAttempts()).isEqualTo(1);
      assertNothingLost();
    }
  }

  @Test
  void aHandshakeAnsweredWithAWebPage() throws Exception {
    try (WebSocketService service =
        WebSocketService.builder()
            .refuse(HttpRefusal.html(200, "<html><h1>Welcome</h1></html>"))
            .start()) {
      Ini ini = working(service.host());
      Ended ended = BridgeProcess.start("-c", ini.write(directory).toString()).await();
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(sentence(ended)).contains("web page").contains("api_");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "untrusted, ws_ca_file",
    "expired, expired",
    "self-signed, self-signed",
    "elsewhere, elsewhere.example"
  })
  void aCertificateThatIsNotToBeTrusted(String kind, String hint) throws Exception {
    Certificates certificates = Certificates.in(directory.resolve("certificates"));
    Identity server =
        switch (kind) {
          case "expired" -> certificates.expiredServer();
          case "self-signed" -> certificates.selfSignedServer();
          case "elsewhere" -> certificates.otherHostServer();
          default -> certificates.server();
        };
    try (WebSocketService service =
        WebSocketService.builder().tls(certificates.serverContext(server), false).start()) {
      Ini ini = working(service.host());
      if (!kind.equals("untrusted")) {
        ini.set("ws_api", "ws_ca_file", certificates.caFile().toString());
      }
      Ended ended = BridgeProcess.start("-c", ini.write(directory).toString()).await();
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(sentence(ended)).contains(hint);
    }
  }

  @ParameterizedTest
  @CsvSource({"invalid-utf8, 1007, UTF-8", "huge-frame, 1009, 16777216"})
  void aFrameThatNobodyShouldSend(String kind, int closeCode, String hint) throws Exception {
    RawFrame frame =
        kind.equals("huge-frame")
            ? RawFrame.binary(new byte[10]).declaring(1L << 62)
            : RawFrame.text(new byte[] {'a', (byte) 0xc3, (byte) 0x28});
    try (RawPeer peer = RawPeer.sending(frame)) {
      Ini ini =
          working(peer.host())
              .set("ws_api", "ws_max_connect_attempts", "1")
              .set("ws_api", "ws_attempt_window_secs", "60");
      Ended ended = BridgeProcess.start("-c", ini.write(directory).toString()).await();
      assertThat(ended.exitCode()).isEqualTo(1);
      assertThat(sentence(ended)).contains(hint);
      assertThat(peer.awaitClose(Duration.ofSeconds(60))).isEqualTo(closeCode);
    }
  }

  @Test
  void anEmptyMessageAndOneOf16MebibytesPassInASmallHeap() throws Exception {
    try (WebSocketService service = WebSocketService.builder().maxMessageBytes(1 << 25).start();
        Queues clients = new Queues(broker);
        BridgeProcess bridge =
            BridgeProcess.start("-c", working(service.host()).write(directory).toString())) {
      service.awaitConnections(1, Duration.ofSeconds(60));
      broker.declareQueue(toWs());
      broker.declareQueue(fromWs());
      byte[] large = new byte[1 << 24];
      large[0] = (byte) 0xff;
      clients.publish(toWs(), new byte[0]);
      clients.publish(toWs(), large);
      assertThat(clients.take(fromWs())).isEmpty();
      assertThat(clients.take(fromWs())).isEqualTo(large);
      Ended ended = bridge.terminate();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.err()).isEmpty();
    }
  }

  @Test
  void aQueueThatExistsWithOtherArgumentsIsTakenAsItIsAndOneDeletedIsMadeAgain() throws Exception {
    Needs.rabbit(RabbitVersion.V3_10);
    Broker rabbit = Brokers.rabbit(RabbitVersion.V3_10);
    try (WebSocketService service = WebSocketService.builder().start();
        Connection connection = rabbit.connectionFactory().newConnection();
        Channel channel = connection.createChannel();
        Queues clients = new Queues(rabbit);
        BridgeProcess bridge = startOnForeignQueue(channel, rabbit, service)) {
      service.awaitConnections(1, Duration.ofSeconds(60));
      clients.publish(toWs(), new byte[] {'1'});
      assertThat(clients.take(fromWs())).isEqualTo(new byte[] {'1'});

      channel.queueDelete(toWs());
      assertThat(clients.publishUntilRouted(toWs(), new byte[] {'2'})).isTrue();
      byte[] next = clients.take(fromWs());
      while (next[0] == '1') { // what the broker had not confirmed when it was lost may come twice
        next = clients.take(fromWs());
      }
      assertThat(next).isEqualTo(new byte[] {'2'});
      Ended ended = bridge.terminate();
      assertThat(ended.exitCode()).isZero();
      assertNoTrace(ended);
      // Which of these the broker says goes by what the bridge was about to do with the queue.
      assertThat(ended.err()).contains(toWs()).containsPattern("deleted|no queue");
    }
  }

  private BridgeProcess startOnForeignQueue(
      Channel channel, Broker rabbit, WebSocketService service) throws IOException {
    channel.queueDeclare(toWs(), true, false, false, Map.of("x-max-length", 10));
    rabbit.declareQueue(fromWs());
    return BridgeProcess.start("-c", working(rabbit, service.host()).write(directory).toString());
  }

  private String toWs() {
    return queues + ".to_ws";
  }

  private String fromWs() {
    return queues + ".from_ws";
  }

  private Ini working(String apiHost) {
    return working(broker, apiHost);
  }

  private Ini working(Broker at, String apiHost) {
    return Ini.of(at, apiHost, toWs(), fromWs()).withLogin();
  }

  private void fillQueue() throws Exception {
    broker.declareQueue(toWs());
    try (Queues clients = new Queues(broker)) {
      clients.publish(toWs(), Traffic.texts("waiting"), WAITING);
    }
  }

  private void assertNothingLost() {
    assertThat(broker.depth(toWs())).isEqualTo(WAITING);
  }

  private static void mistake(Ended ended, String expected) {
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(sentence(ended)).isEqualTo(expected);
  }

  /**
   * The one sentence on standard error, but for warnings: an error where the user is to change
   * something, a line of the log where the bridge gave up. Standard output has the start line and
   * no more.
   */
  private static String sentence(Ended ended) {
    assertNoTrace(ended);
    assertThat(ended.out()).matches(START_LINE);
    List<String> told = ended.err().lines().filter(line -> !line.contains(" WARN ")).toList();
    assertThat(told).as("standard error: %s", ended.err()).hasSize(1);
    String begin = ended.exitCode() == 2 ? "error: " : TIME + "ERROR relay      Gave up: ";
    assertThat(told.getFirst()).matches(begin + ".*");
    return told.getFirst().replaceFirst(begin, "");
  }

  private static void assertNoTrace(Ended ended) {
    assertThat(ended.out() + ended.err())
        .doesNotContain("\tat ")
        .doesNotContain("Exception")
        .doesNotContain("Caused by");
  }
}
