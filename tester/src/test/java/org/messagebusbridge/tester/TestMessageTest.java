package org.messagebusbridge.tester;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestMessageTest {

  @Test
  void isWrittenAsThePythonTesterWritesIt() {
    assertThat(TestMessage.at(8, 4711, LocalTime.of(13, 5, 9)).body())
        .isEqualTo("Test msg #8 (4711.0509)");
    assertThat(TestMessage.at(1, 1, LocalTime.MIDNIGHT).body()).isEqualTo("Test msg #1 (1.0000)");
  }

  @Test
  void isReadBackFromItsOwnBody() {
    TestMessage message = new TestMessage(TestMessage.MAX_NUMBER, 999_999_999_999_999_999L, 5_959);

    assertThat(TestMessage.parse(message.bytes())).contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Test msg #",
        "Test msg #0 (1.0000)",
        "Test msg #1 (1.0000",
        "Test msg #1 [1.0000)",
        "Test msg #1 (1.00 0)",
        "Test msg #1 (1.000)",
        "Test msg #1 (1.6000)",
        "Test msg #1 (01.0000)",
        "Test msg #-1 (1.0000)",
        "Test msg #1 (-1.0000)",
        "Test msg #9999999999 (1.0000)",
        "Test msg #1 (9999999999999999999.0000)",
        "Test msg #\u0661 (1.0000)",
        "{\"price\": 1}",
      })
  void isNotFoundInAnyOtherBody(String body) {
    assertThat(TestMessage.parse(body.getBytes(UTF_8))).isEmpty();
  }

  @Test
  void isFoundInABodyThatGoesOnBehindIt() {
    assertThat(TestMessage.parse("Test msg #1 (1.0000) and more".getBytes(UTF_8)))
        .contains(new TestMessage(1, 1, 0));
  }
}
