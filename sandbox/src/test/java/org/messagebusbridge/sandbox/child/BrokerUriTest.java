package org.messagebusbridge.sandbox.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerUriTest {

  private static BrokerUri parse(String uri) {
    return BrokerUri.parse(uri, Optional.empty());
  }

  @Test
  void takesAllOfItsPartsUndoingPercentSigns() {
    BrokerUri uri = parse("amqps://a%40b:p%3Aw%2F+x@mq.example.com:5999/my%2Fhost");

    assertThat(uri)
        .isEqualTo(new BrokerUri(true, "a@b", "p:w/+x", "mq.example.com", 5_999, "my/host"));
  }

  @Test
  void hasThePortOfItsSchemeAndTheVirtualHostSlashWhenNoneIsNamed() {
    assertThat(parse("amqp://u:p@h")).isEqualTo(new BrokerUri(false, "u", "p", "h", 5_672, "/"));
    assertThat(parse("amqps://u:p@h/")).isEqualTo(new BrokerUri(true, "u", "p", "h", 5_671, "/"));
  }

  @Test
  void takesThePasswordFromElsewhereOnlyWhenItHasNone() {
    assertThat(BrokerUri.parse("amqp://u@h", Optional.of("other")).password()).isEqualTo("other");
    assertThat(BrokerUri.parse("amqp://u:own@h", Optional.of("other")).password()).isEqualTo("own");
  }

  @Test
  void showsNeitherUserNorPassword() {
    assertThat(parse("amqps://me:s3cret@h:1/v")).hasToString("amqps://h:1/v");
    assertThat(parse("amqps://me:s3cret@h:1/v").keys().values()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "http://u:s3cret@h",
        "amqp://h:5672",
        "amqp://u@h",
        "amqp://:s3cret@h",
        "amqp://u:s3cret@",
        "amqp://u:s3cret%@h",
        "amqp://u:s3 cret@h"
      })
  void refusesWhatIsNoBrokersUriWithoutShowingIt(String uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(uri))
        .withMessageContaining("amqp[s]://user:password@host:port/vhost")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3"));
  }
}
