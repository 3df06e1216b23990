package org.messagebusbridge.sandbox.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private static final BrokerUri BROKER =
      new BrokerUri(true, "me", "mq-s3cret", "mq.example.com", 5_671, "100%");

  @Test
  void putWhatMayBeSeenIntoTheFileAndTheRestIntoTheEnvironment() {
    Service service =
        new Service(
            "wss://ws.example.com",
            "/path?token=ws-s3cret",
            Optional.of(new Service.Client("c1", "00ff")));
    Settings settings = new Settings(BROKER, Optional.of(service), "to", "from");

    assertThat(settings.ini())
        .isEqualTo(
            """
            [aws_mq]
            mq_host = mq.example.com
            mq_port = 5671
            mq_tls = true
            mq_vhost = 100%%
            mq_user_id = me
            mq_qname_to_ws = to
            mq_qname_from_ws = from

            [ws_api]
            api_host = wss://ws.example.com
            client_id = c1
            """);
    assertThat(settings.environment())
        .isEqualTo(
            Map.of(
                "MBB_AWS_MQ_MQ_PASSWORD", "mq-s3cret",
                "MBB_WS_API_API_URI", "/path?token=ws-s3cret",
                "MBB_WS_API_CLIENT_SECRET", "00ff"));
    assertThat(settings.toString()).doesNotContain("s3cret").doesNotContain("00ff");
  }

  @Test
  void nameNoServiceForABridgeWithoutOne() {
    Settings settings = new Settings(BROKER, Optional.empty(), "to", "from");

    assertThat(settings.ini()).doesNotContain("ws_api");
    assertThat(settings.environment()).containsOnlyKeys("MBB_AWS_MQ_MQ_PASSWORD");
  }

  @Test
  void areWrittenWhereTheirOwnerAloneReadsThem() throws Exception {
    Path file = new Settings(BROKER, Optional.empty(), "to", "from").write();
    try {
      assertThat(Files.readString(file)).startsWith("[aws_mq]\n");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    } finally {
      Files.delete(file);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ws://localhost:80/a/b, ws://localhost:80, /a/b",
    "wss://h, wss://h, /",
    "wss://h/p?q=1&r=%20, wss://h, /p?q=1&r=%20",
    "ws://h?q, ws://h, ?q",
  })
  void splitAServicesUrl(String url, String host, String uri) {
    assertThat(Service.parse(url)).isEqualTo(new Service(host, uri, Optional.empty()));
  }

  @Test
  void showAServiceWithoutItsQuery() {
    assertThat(Service.parse("wss://h/p?token=s3cret")).hasToString("wss://h/p?...");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h:80/p", "http://h/s3cret", "ws:///s3cret", "ws://h/s3 cret"})
  void refuseWhatIsNoServicesUrlWithoutShowingIt(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.parse(url))
        .withMessageContaining("ws://host:port/path")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3"));
  }
}
