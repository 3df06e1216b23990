package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.config.WebSocketConfig.Auth;
import org.messagebusbridge.config.WebSocketConfig.Compression;
import org.messagebusbridge.config.WebSocketConfig.DeliveryConfirm;
import org.messagebusbridge.config.WebSocketConfig.Evidence;
import org.messagebusbridge.config.WebSocketConfig.FrameType;
import org.messagebusbridge.config.WebSocketConfig.Header;
import org.messagebusbridge.config.WebSocketConfig.PongMatch;
import org.messagebusbridge.config.WebSocketConfig.Proxy;

class WebSocketConfigTest {
  private static WebSocketConfig read(String ini) throws ConfigurationException {
    return Configurations.load(ini).configuration().webSocket().orElseThrow();
  }

  @Test
  void hasTheseDefaults() throws ConfigurationException {
    assertThat(read(Configurations.MINIMAL))
        .isEqualTo(
            new WebSocketConfig(
                Optional.empty(),
                Optional.empty(),
                "ws://localhost:8080",
                "/ws",
                Duration.ofSeconds(10),
                OptionalInt.of(10),
                Duration.ofSeconds(60),
                Auth.NONE,
                List.of(),
                List.of(),
                FrameType.AUTO,
                16_777_216,
                DeliveryConfirm.PONG,
                Duration.ZERO,
                Duration.ofSeconds(30),
                new Evidence(
                    PongMatch.AUTO,
                    Duration.ofMillis(1_500),
                    Set.of(1003, 1007, 1009),
                    OptionalInt.of(2)),
                Duration.ofSeconds(5),
                Optional.empty(),
                Compression.OFF,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                "ny",
                TlsFiles.NONE,
                Optional.empty()));
  }

  @Test
  void readsEveryKey(@TempDir Path directory) throws ConfigurationException, IOException {
    Path ca = Files.createFile(directory.resolve("ca.pem"));
    Path certificate = Files.createFile(directory.resolve("client.pem"));
    Path key = Files.createFile(directory.resolve("key.pem"));
    String ini =
        Configurations.MINIMAL
            .replaceFirst(
                "(?s)\\[ws_api].*?(?=\\[aws_mq])",
                """
                [ws_api]
                client_id=me
                client_secret=t0ken
                api_host=WSS://Api.Example.com:444
                api_uri=/path?x=%%20
                ws_ping_interval=11
                ws_max_connect_attempts=unlimited
                ws_attempt_window_secs=13
                ws_auth=bearer
                ws_headers=X-One: 1:1 | X-Two:
                ws_subprotocols=b.v2, a.v1
                ws_frame_type=binary
                ws_max_message_bytes=14
                ws_delivery_confirm=flush
                ws_receipt_interval_ms=15
                ws_pong_timeout_secs=16
                ws_pong_match=exact
                ws_receipt_grace_ms=250
                ws_refuse_codes=4400, 1008
                ws_breaker_after=off
                ws_hold_secs=17
                ws_proxy=http://u%%40:p+%%3A@proxy:3128
                ws_compression=permessage-deflate
                ws_connect_timeout_secs=18
                ws_max_retry_after_secs=19
                ws_jwt_region=ldn
                ws_ca_file=CA
                ws_client_cert_file=CERT
                ws_client_key_file=KEY
                ws_secret_arn=arn:aws:secretsmanager:us-east-1:123456789012:secret:ws-AbCdEf
                """)
            .replace("=CA", "=" + ca)
            .replace("=CERT", "=" + certificate)
            .replace("=KEY", "=" + key);

    assertThat(Keys.of(Section.WS_API))
        .allSatisfy(known -> assertThat(ini).contains("\n" + known.name() + "="));
    assertThat(read(ini))
        .isEqualTo(
            new WebSocketConfig(
                Optional.of("me"),
                Optional.of(new Secret("t0ken")),
                "WSS://Api.Example.com:444",
                "/path?x=%20",
                Duration.ofSeconds(11),
                OptionalInt.empty(),
                Duration.ofSeconds(13),
                Auth.BEARER,
                List.of(
                    new Header("X-One", new Secret("1:1")), new Header("X-Two", new Secret(""))),
                List.of("b.v2", "a.v1"),
                FrameType.BINARY,
                14,
                DeliveryConfirm.FLUSH,
                Duration.ofMillis(15),
                Duration.ofSeconds(16),
                new Evidence(
                    PongMatch.EXACT,
                    Duration.ofMillis(250),
                    Set.of(4400, 1008),
                    OptionalInt.empty()),
                Duration.ofSeconds(17),
                Optional.of(
                    new Proxy("proxy", 3128, Optional.of("u@"), Optional.of(new Secret("p+:")))),
                Compression.PERMESSAGE_DEFLATE,
                Duration.ofSeconds(18),
                Duration.ofSeconds(19),
                "ldn",
                new TlsFiles(Optional.of(ca), Optional.of(certificate), Optional.of(key)),
                Optional.of("arn:aws:secretsmanager:us-east-1:123456789012:secret:ws-AbCdEf")));
  }

  @ParameterizedTest
  @CsvSource({
    "ws://localhost:8080, localhost, 8080",
    "ws://localhost, localhost, 80",
    "WSS://Api.Example.com., Api.Example.com., 443",
    "wss://shop_market_api_1:8443, shop_market_api_1, 8443",
    "ws://_api.shop_net.:81, _api.shop_net., 81",
    "ws://web.1.x3fz, web.1.x3fz, 80",
    "wss://127.0.0.1:444, 127.0.0.1, 444",
    "ws://[::1], [::1], 80",
    "wss://[fd00::7]:444, [fd00::7], 444"
  })
  void takesHostsAsTheInternetAndContainersNameThem(String apiHost, String host, int port)
      throws ConfigurationException {
    WebSocketConfig config =
        read(Configurations.MINIMAL.replace("=ws://localhost:8080", "=" + apiHost));

    assertThat(config.host()).isEqualTo(host);
    assertThat(config.port()).isEqualTo(port);
    assertThat(config.secure()).isEqualTo(port > 400 && !apiHost.startsWith("ws://"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://my_proxy:3128, my_proxy",
    "http://proxy.example.com.:3128, proxy.example.com.",
    "http://u:p@[::1]:3128, [::1]"
  })
  void takesProxiesAsTheInternetAndContainersNameThem(String proxy, String host)
      throws ConfigurationException {
    WebSocketConfig config = read(Configurations.with("ws_api", "ws_proxy=" + proxy));

    assertThat(config.proxy().orElseThrow().host()).isEqualTo(host);
  }

  @Test
  void takesCredentialsForThoseOfAJwt() throws ConfigurationException {
    WebSocketConfig config =
        read(Configurations.with("ws_api", "client_id=me\nclient_secret=00fF"));

    assertThat(config.auth()).isEqualTo(Auth.JWT);
    assertThat(config.clientSecret()).contains(new Secret("00fF"));
  }

  @Test
  void needsNoCredentialsHereWhenTheyAreInSecretsManager() throws ConfigurationException {
    WebSocketConfig config =
        read(
            Configurations.with(
                "ws_api",
                "ws_secret_arn=arn:aws:secretsmanager:us-east-1:123456789012:secret:ws-AbCdEf"));

    assertThat(config.auth()).isEqualTo(Auth.JWT);
    assertThat(config.clientId()).isEmpty();
    assertThat(config.clientSecret()).isEmpty();
  }

  @Test
  void isNotReadForAStub() throws ConfigurationException {
    String ini = Configurations.with("ws_api", "client_secret=not hex");

    Configuration configuration =
        Configurations.load(ini, Map.of(), Requirements.bridge(true, false, false)).configuration();

    assertThat(configuration.webSocket()).isEmpty();
  }
}
