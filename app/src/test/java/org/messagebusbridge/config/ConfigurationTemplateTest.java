package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.config.ConfigurationLoader.Loaded;

class ConfigurationTemplateTest {
  @Test
  void startsABridgeAsItIs() throws ConfigurationException {
    Loaded loaded = Configurations.load(ConfigurationTemplate.text());

    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.settings())
        .filteredOn(setting -> setting.origin().text().startsWith("t.ini"))
        .extracting(setting -> setting.key().name())
        .containsExactly(
            "client_id",
            "client_secret",
            "api_host",
            "api_uri",
            "mq_broker_id",
            "mq_region",
            "mq_user_id",
            "mq_password",
            "mq_qname_to_ws",
            "mq_qname_from_ws");
  }

  @Test
  void hasEveryKeyWithAnExampleThatIsValid(@TempDir Path directory) throws Exception {
    Path pem = Files.createFile(directory.resolve("x.pem"));
    String all =
        ConfigurationTemplate.text()
            .replaceAll("(?m)^#(?=\\w+=)", "")
            .replaceAll("=/etc/mbb/.*", "=" + pem);

    Loaded loaded = Configurations.load(all, Map.of(), Requirements.bridge(false, true, true));

    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.settings())
        .hasSameSizeAs(Keys.ALL)
        .allSatisfy(setting -> assertThat(setting.origin().text()).startsWith("t.ini:"));
  }

  @Test
  void changesNothingWhenTheDefaultsAreUncommented() throws ConfigurationException {
    String template = ConfigurationTemplate.text();
    String uncommented = template;
    for (Key<?> key : Keys.ALL) {
      if (key.standard().isPresent()) {
        uncommented = uncommented.replace("\n#" + key.name() + "=", "\n" + key.name() + "=");
      }
    }

    assertThat(uncommented).isNotEqualTo(template);
    assertThat(Configurations.load(uncommented).configuration())
        .isEqualTo(Configurations.load(template).configuration());
  }

  @Test
  void keepsItsCommentsWithinAHundredColumns() {
    List<String> comments =
        ConfigurationTemplate.text().lines().filter(line -> line.startsWith("# ")).toList();

    assertThat(comments).isNotEmpty().allSatisfy(line -> assertThat(line).hasSizeLessThan(100));
  }
}
