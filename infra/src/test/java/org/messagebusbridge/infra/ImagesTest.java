package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.sandbox.EmbeddedBroker;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.junit.Needs;

/** The layers that every build makes of the bridge and its tester, looked at and run. */
class ImagesTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String CLIENT_ID = "client";
  private static final String CLIENT_SECRET = "00112233445566778899aabbccddeeff";

  @TempDir private static Path folder;
  private static UnpackedImage bridge;
  private static UnpackedImage tester;

  @BeforeAll
  static void unpacks() throws IOException, InterruptedException {
    bridge = UnpackedImage.of(tarball("app", "bridge"), folder.resolve("bridge"));
    tester = UnpackedImage.of(tarball("tester", "tester"), folder.resolve("tester"));
  }

  private static Path tarball(String module, String name) {
    Path tarball = ROOT.resolve("%s/target/%s-any.tar".formatted(module, name));
    Needs.file(tarball, "image of the " + name, "./mbb verify, or mvn package");
    return tarball;
  }

  @Test
  void anImageSaysWhatItIsAndHasNoRights() {
    assertThat(bridge.config().at("/config/User").asText()).isEqualTo("65532:65532");
    assertThat(bridge.config().at("/config/WorkingDir").asText()).isEqualTo("/app");
    assertThat(bridge.config().at("/config/Entrypoint").valueStream().map(JsonNode::asText))
        .containsExactly(
            "java",
            "@/app/bridge.options",
            "-XX:-UsePerfData",
            "-cp",
            "@/app/jib-classpath-file",
            "org.messagebusbridge.cli.Mbb");
    assertThat(tester.config().at("/config/Entrypoint/5").asText())
        .isEqualTo("org.messagebusbridge.tester.Main");
    JsonNode labels = bridge.config().at("/config/Labels");
    assertThat(labels.get("org.opencontainers.image.title").asText())
        .isEqualTo("MessageBusBridge: bridge");
    assertThat(labels.get("org.opencontainers.image.version").asText()).isNotEmpty();
    assertThat(labels.get("org.opencontainers.image.licenses").asText()).isEqualTo("Apache-2.0");
  }

  @Test
  void theSameSourcesGiveTheSameLayers() {
    for (UnpackedImage image : List.of(bridge, tester)) {
      assertThat(image.config().get("created").asText()).isEqualTo("1970-01-01T00:00:00Z");
      assertThat(image.entries())
          .isNotEmpty()
          .allSatisfy(entry -> assertThat(entry).contains(" 0/0 ", " 1970-01-01 00:00:0"));
    }
  }

  @Test
  void theHealthChecksCommandIsInTheImage() throws IOException {
    try (Stream<Path> files = Files.list(bridge.root().resolve("app"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("jib-classpath-file", "bridge.options", "classpath", "libs");
    }
  }

  @Test
  void bothMoveAThousandMessagesOnAReadOnlyRootAsTheirUser() throws Exception {
    Needs.file(
        ROOT.resolve("target/image-root/installed"),
        "a Debian to run images over",
        "tools/image-root/run --install");
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        WebSocketService service =
            WebSocketService.builder().jwt(CLIENT_ID, CLIENT_SECRET).start()) {
      broker.declareQueue("to_ws");
      broker.declareQueue("from_ws");
      Map<String, String> settings = settings(broker, service);
      Path bridgeLog = folder.resolve("bridge.log");
      Path testerLog = folder.resolve("tester.log");

      Process running = bridge.start(settings, bridgeLog, "bridge", "-v");
      try {
        service.awaitConnections(1, Duration.ofMinutes(1));
        Process testing =
            tester.start(settings, testerLog, "-n", "1000", "-d", "0.001", "-e", "30");
        try {
          assertThat(testing.waitFor(2, TimeUnit.MINUTES)).isTrue();
          assertThat(testing.exitValue()).as(Files.readString(testerLog)).isZero();
        } finally {
          testing.destroyForcibly();
        }
        running.destroy(); // SIGTERM, as a container engine stops it
        assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
      } finally {
        running.destroyForcibly();
      }

      assertThat(running.exitValue()).as(Files.readString(bridgeLog)).isZero();
      assertThat(Files.readString(bridgeLog)).contains("to_ws=1000 from_ws=1000 unsettled=0");
      assertThat(broker.depth("to_ws")).isZero();
      assertThat(broker.depth("from_ws")).isZero();
    }
  }

  private static Map<String, String> settings(EmbeddedBroker broker, WebSocketService service) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("MBB_AWS_MQ_MQ_HOST", broker.host());
    settings.put("MBB_AWS_MQ_MQ_PORT", Integer.toString(broker.port()));
    settings.put("MBB_AWS_MQ_MQ_TLS", "false");
    settings.put("MBB_AWS_MQ_MQ_USER_ID", broker.user());
    settings.put("MBB_AWS_MQ_MQ_PASSWORD", broker.password());
    settings.put("MBB_AWS_MQ_MQ_QNAME_TO_WS", "to_ws");
    settings.put("MBB_AWS_MQ_MQ_QNAME_FROM_WS", "from_ws");
    settings.put("MBB_WS_API_API_HOST", service.host());
    settings.put("MBB_WS_API_API_URI", service.uri());
    settings.put("MBB_WS_API_CLIENT_ID", CLIENT_ID);
    settings.put("MBB_WS_API_CLIENT_SECRET", CLIENT_SECRET);
    return settings;
  }
}
