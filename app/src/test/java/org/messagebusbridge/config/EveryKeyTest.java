package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.amqp.AmqpConfig.QueueType;
import org.messagebusbridge.amqp.AmqpKeys;
import org.messagebusbridge.config.BridgeKeys.HaMode;
import org.messagebusbridge.websocket.WebSocketConfig.Auth;
import org.messagebusbridge.websocket.WebSocketConfig.Compression;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;
import org.messagebusbridge.websocket.WebSocketConfig.FrameType;
import org.messagebusbridge.websocket.WebSocketConfig.Header;
import org.messagebusbridge.websocket.WebSocketConfig.PongMatch;
import org.messagebusbridge.websocket.WebSocketConfig.Proxy;
import org.messagebusbridge.websocket.WebSocketKeys;

/** Every key: its default, and another value as it is written and as it is read. */
class EveryKeyTest {
  private static final String ARN =
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:name-AbCdEf";

  /** A key, its value when it is not set, a text that is not its default, and what that becomes. */
  private record Row<T>(Key<T> key, Optional<T> unset, String text, T value) {}

  @TempDir private Path directory;
  private final List<Row<?>> rows = new ArrayList<>();

  private <T> void row(Key<T> key, T unset, String text, T value) {
    rows.add(new Row<>(key, Optional.of(unset), text, value));
  }

  private <T> void row(Key<T> key, String text, T value) {
    rows.add(new Row<>(key, Optional.empty(), text, value));
  }

  private void files(TlsFileKeys keys) throws IOException {
    for (Key<Path> key : List.of(keys.caFile(), keys.clientCertFile(), keys.clientKeyFile())) {
      Path file = Files.createFile(directory.resolve(key.name()));
      row(key, file.toString(), file);
    }
  }

  @BeforeEach
  void listTheKeys() throws IOException {
    row(WebSocketKeys.CLIENT_ID, "me", "me");
    row(WebSocketKeys.CLIENT_SECRET, "t0ken", new Secret("t0ken"));
    row(WebSocketKeys.API_HOST, "WSS://Api.Example.com:444", "WSS://Api.Example.com:444");
    row(WebSocketKeys.API_URI, "/path?x=%%20", "/path?x=%20");
    row(WebSocketKeys.PING_INTERVAL, Duration.ofSeconds(10), "11", Duration.ofSeconds(11));
    row(WebSocketKeys.MAX_CONNECT_ATTEMPTS, OptionalInt.of(10), "unlimited", OptionalInt.empty());
    row(WebSocketKeys.ATTEMPT_WINDOW, Duration.ofSeconds(60), "13", Duration.ofSeconds(13));
    row(WebSocketKeys.AUTH, Auth.NONE, "bearer", Auth.BEARER);
    row(
        WebSocketKeys.HEADERS,
        "X-One: 1:1 | X-Two:",
        List.of(new Header("X-One", new Secret("1:1")), new Header("X-Two", new Secret(""))));
    row(WebSocketKeys.SUBPROTOCOLS, "b.v2, a.v1", List.of("b.v2", "a.v1"));
    row(WebSocketKeys.FRAME_TYPE, FrameType.AUTO, "binary", FrameType.BINARY);
    row(WebSocketKeys.MAX_MESSAGE_BYTES, 16_777_216, "14", 14);
    row(WebSocketKeys.DELIVERY_CONFIRM, DeliveryConfirm.PONG, "flush", DeliveryConfirm.FLUSH);
    row(WebSocketKeys.RECEIPT_INTERVAL, Duration.ZERO, "15", Duration.ofMillis(15));
    row(WebSocketKeys.PONG_TIMEOUT, Duration.ofSeconds(30), "16", Duration.ofSeconds(16));
    row(WebSocketKeys.PONG_MATCH, PongMatch.AUTO, "exact", PongMatch.EXACT);
    row(WebSocketKeys.RECEIPT_GRACE, Duration.ofMillis(1_500), "250", Duration.ofMillis(250));
    row(WebSocketKeys.REFUSE_CODES, Set.of(1003, 1007, 1009), "4400, 1008", Set.of(4400, 1008));
    row(WebSocketKeys.BREAKER_AFTER, OptionalInt.of(2), "off", OptionalInt.empty());
    row(WebSocketKeys.HOLD, Duration.ofSeconds(5), "17", Duration.ofSeconds(17));
    row(
        WebSocketKeys.PROXY,
        "http://u%%40:p+%%3A@proxy:3128",
        new Proxy("proxy", 3128, Optional.of("u@"), Optional.of(new Secret("p+:"))));
    row(
        WebSocketKeys.COMPRESSION,
        Compression.OFF,
        "permessage-deflate",
        Compression.PERMESSAGE_DEFLATE);
    row(WebSocketKeys.CONNECT_TIMEOUT, Duration.ofSeconds(10), "18", Duration.ofSeconds(18));
    row(WebSocketKeys.MAX_RETRY_AFTER, Duration.ofMinutes(5), "19", Duration.ofSeconds(19));
    row(WebSocketKeys.JWT_REGION, "ny", "ldn", "ldn");
    files(WebSocketKeys.TLS_FILES);
    row(WebSocketKeys.SECRET_ARN, ARN, ARN);

    row(AmqpKeys.BROKER_ID, "b-1", "b-1");
    row(AmqpKeys.REGION, "eu-west-1", "eu-west-1");
    row(AmqpKeys.HOST, "mq.example.com", "mq.example.com");
    row(AmqpKeys.PORT, 5671, "5673", 5673);
    row(AmqpKeys.TLS, true, "No", false);
    row(AmqpKeys.VHOST, "/", "test", "test");
    row(AmqpKeys.USER_ID, "me", "me");
    row(AmqpKeys.PASSWORD, "p#;%%%", new Secret("p#;%%"));
    row(AmqpKeys.SECRET_ARN, ARN, ARN);
    row(AmqpKeys.QUEUE_TO_WS, "out", "out");
    row(AmqpKeys.QUEUE_FROM_WS, "in", "in");
    row(
        AmqpKeys.TTL_FROM_WS,
        Duration.ofMinutes(5),
        "4294967295",
        Duration.ofMillis(4_294_967_295L));
    row(AmqpKeys.CONSUMER_TAG, "mqhandler", "tag", "tag");
    files(AmqpKeys.TLS_FILES);
    row(AmqpKeys.PREFETCH, 500, "7", 7);
    row(AmqpKeys.PERSISTENT, true, "off", false);
    row(AmqpKeys.QUEUE_TYPE, "Quorum", QueueType.QUORUM);
    row(AmqpKeys.MAX_DELIVERIES, 5, "8", 8);
    row(AmqpKeys.MAX_REDELIVERIES, OptionalInt.of(15), "none", OptionalInt.empty());
    row(AmqpKeys.QUEUE_DEAD_LETTER, Optional.of("to_ws.dead"), "None", Optional.empty());
    row(AmqpKeys.MAX_CONNECT_ATTEMPTS, 5, "9", 9);
    row(AmqpKeys.HEARTBEAT, Duration.ofSeconds(20), "10", Duration.ofSeconds(10));

    row(CloudWatchKeys.REGION, "us-gov-west-1", "us-gov-west-1");
    row(CloudWatchKeys.LOG_GROUP, "/group.1/a_b#c", "/group.1/a_b#c");
    row(CloudWatchKeys.LOG_STREAM, "stream 1", "stream 1");
    row(CloudWatchKeys.RETENTION_DAYS, 30, "3653", 3653);
    row(CloudWatchKeys.METRICS_NAMESPACE, "My/Space: #1", "My/Space: #1");
    row(CloudWatchKeys.METRICS_RESOLUTION, Duration.ofSeconds(10), "1", Duration.ofSeconds(1));

    row(BridgeKeys.HA_MODE, HaMode.PARALLEL, "standby", HaMode.STANDBY);
    row(BridgeKeys.DRAIN, Duration.ofSeconds(10), "0", Duration.ZERO);
    row(BridgeKeys.HTTP_HOST, "127.0.0.1", "0.0.0.0", "0.0.0.0");
    row(BridgeKeys.HTTP_PORT, OptionalInt.empty(), "9464", OptionalInt.of(9464));
  }

  @Test
  void isListedHereInTheOrderOfTheTemplate() {
    assertThat(rows.stream().<Key<?>>map(row -> row.key()).toList()).isEqualTo(Keys.ALL);
  }

  @Test
  void hasThisDefault() throws ConfigurationException {
    Configuration configuration = Configurations.load(Configurations.MINIMAL).configuration();

    assertThat(rows)
        .filteredOn(row -> !Configurations.MINIMAL.contains("\n" + row.key().name() + "="))
        .hasSizeGreaterThan(50)
        .allSatisfy(
            row ->
                assertThat((Object) configuration.find(row.key()))
                    .as("%s", row.key())
                    .isEqualTo(row.unset()));
  }

  @Test
  void becomesThisWhenItIsSet() throws ConfigurationException {
    StringBuilder ini = new StringBuilder();
    for (Section section : Keys.SECTIONS) {
      ini.append("[").append(section).append("]\n");
      rows.stream()
          .filter(row -> row.key().section() == section)
          .forEach(row -> ini.append(row.key().name()).append("=").append(row.text()).append("\n"));
    }

    Configuration configuration =
        Configurations.load(ini.toString(), Map.of(), Requirements.bridge(false, true, true))
            .configuration();

    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat((Object) row.unset())
                    .as("%s", row.key())
                    .isNotEqualTo(Optional.of(row.value())))
        .allSatisfy(
            row ->
                assertThat((Object) configuration.get(row.key()))
                    .as("%s", row.key())
                    .isEqualTo(row.value()));
  }

  @Test
  void isReadUnderTheNamesItHadBeforeWhereItsOwnIsAbsent() throws ConfigurationException {
    assertThat(
            Keys.ALL.stream()
                .filter(key -> key.names().size() > 1)
                .collect(Collectors.toMap(Key::toString, key -> key.names().get(1))))
        .isEqualTo(
            Map.of(
                "aws_mq.mq_user_id", "mq_userid",
                "ws_api.api_host", "ws_api_host",
                "ws_api.api_uri", "ws_api_uri",
                "ws_api.client_id", "ws_client_id",
                "ws_api.client_secret", "ws_client_password"));
    String renamed = Configurations.MINIMAL.replace("mq_user_id", "mq_userid");

    assertThat(Configurations.load(renamed))
        .satisfies(
            loaded -> assertThat(loaded.configuration().get(AmqpKeys.USER_ID)).isEqualTo("user"))
        .satisfies(loaded -> assertThat(loaded.warnings()).isEmpty());
    assertThat(
            Configurations.load(
                    renamed, Map.of("MBB_AWS_MQ_MQ_USERID", "other"), Configurations.BRIDGE)
                .configuration()
                .get(AmqpKeys.USER_ID))
        .isEqualTo("other");
    assertThat(
            Configurations.load(renamed + "mq_user_id=own\n").configuration().get(AmqpKeys.USER_ID))
        .isEqualTo("own");
  }
}
