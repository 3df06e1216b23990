package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.messagebusbridge.amqp.AmqpKeys;
import org.messagebusbridge.config.ConfigurationLoader.Loaded;

class SecretsTest {
  private static final String WORD = "hunter2";

  @Test
  void neverShowInSettingsOrRecords() throws ConfigurationException {
    String ini =
        Configurations.MINIMAL.replace("Pa55!", WORD)
            + """
            [DEFAULT]
            client_id=me
            client_secret=hunter2
            ws_auth=basic
            ws_headers=X-Key: hunter2
            ws_proxy=http://user:hunter2@proxy:3128
            """;

    Loaded loaded = Configurations.load(ini);

    assertThat(loaded.toString()).doesNotContain(WORD);
    assertThat(IniParser.parse(Path.of("t.ini"), ini).toString()).doesNotContain(WORD);
    assertThat(IniSource.of(Path.of("t.ini"), ini).find(AmqpKeys.PASSWORD).orElseThrow().toString())
        .isEqualTo("******** (t.ini:7)");
    assertThat(loaded.settings())
        .filteredOn(setting -> setting.value().filter(v -> v.contains("********")).isPresent())
        .extracting(setting -> setting.key() + "=" + setting.value().orElseThrow())
        .containsExactly(
            "ws_api.client_secret=********",
            "ws_api.ws_headers=********",
            "ws_api.ws_proxy=http://********@proxy:3128",
            "aws_mq.mq_password=********");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "client_id=me\nclient_secret=hunter2",
        "client_id=me\nclient_secret=hunter2 x\nws_auth=bearer",
        "client_id=me\nclient_secret=hunter2\n  x\nws_auth=bearer",
        "client_id=me\nclient_secret=%(hunter2)s\nws_auth=bearer",
        "ws_headers=hunter2",
        "ws_headers=hunter 2: hunter2",
        "ws_headers=Host: hunter2",
        "ws_headers=X: hunter2\u0001",
        "ws_proxy=http://user:hunter2@proxy",
        "ws_proxy=http://user:hunter2%%@proxy:1",
        "ws_proxy=user:hunter2@proxy:1",
        "ws_proxy=https://user:hunter2@proxy:1",
        "api_host=wss://user:hunter2@api",
        "api_host=user:hunter2@api",
      })
  void neverShowInErrors(String assignments) {
    ConfigurationException refusal =
        Configurations.refusal(
            Configurations.with("ws_api", assignments), Map.of(), Configurations.BRIDGE);

    assertThat(refusal.problems()).isNotEmpty();
    assertThat(refusal.toString() + refusal.problems() + refusal.warnings()).doesNotContain(WORD);
  }
}
