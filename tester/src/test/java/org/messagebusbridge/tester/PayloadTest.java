package org.messagebusbridge.tester;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadTest {

  private static final TestMessage MESSAGE = new TestMessage(12, 4711, 2030);

  @Test
  void isTheTextAloneWhenNoSizeIsAskedFor() {
    assertThat(Payload.TEXT.body(MESSAGE)).isEqualTo("Test msg #12 (4711.2030)".getBytes(UTF_8));
    assertThat(Payload.TEXT.contentType()).isEqualTo("text/plain");
  }

  @ParameterizedTest
  @CsvSource({"100, 100", "5000, 5000", "1000000, 1000000", "3, 24", "25, 25"})
  void isAsLargeAsAskedForButNeverShorterThanItsText(int size, int length) {
    byte[] body = Payload.of(size, size, false).body(MESSAGE);

    assertThat(body).hasSize(length).startsWith(MESSAGE.bytes());
    assertThat(new String(body, UTF_8)).matches("Test msg #12 \\(4711.2030\\)[a-z0-9 ]*");
    assertThat(TestMessage.parse(body)).contains(MESSAGE);
  }

  @Test
  void usesAllSizesOfARangeAndTheSameOnesInEveryRun() {
    Payload payload = Payload.of(50, 59, false);
    Set<Integer> sizes = new HashSet<>();
    for (int number = 1; number <= 200; number++) {
      TestMessage message = new TestMessage(number, 1, 0);
      byte[] body = payload.body(message);
      sizes.add(body.length);
      assertThat(Payload.of(50, 59, false).matches(message, body)).isTrue();
    }
    assertThat(sizes).containsExactlyInAnyOrder(50, 51, 52, 53, 54, 55, 56, 57, 58, 59);
  }

  @ParameterizedTest
  @CsvSource({"0", "30", "10000"})
  void isNoTextWhenItIsToBeBinary(int size) {
    Payload payload = Payload.of(size, size, true);
    byte[] body = payload.body(MESSAGE);

    assertThat(payload.contentType()).isEqualTo("application/octet-stream");
    assertThat(payload.matches(MESSAGE, body)).isTrue();
    assertThatExceptionOfType(CharacterCodingException.class)
        .isThrownBy(() -> UTF_8.newDecoder().decode(ByteBuffer.wrap(body)));
  }

  @Test
  void noticesEveryByteThatIsChangedAddedOrMissing() {
    Payload payload = Payload.of(9_000, 9_000, false);
    byte[] body = payload.body(MESSAGE);
    for (int at : new int[] {24, 4_119, 4_120, 8_216, 8_999}) {
      body[at]++;
      assertThat(payload.matches(MESSAGE, body)).as("byte %d", at).isFalse();
      body[at]--;
    }
    assertThat(payload.matches(MESSAGE, body)).isTrue();
    assertThat(payload.matches(MESSAGE, Arrays.copyOf(body, 9_001))).isFalse();
    assertThat(payload.matches(MESSAGE, Arrays.copyOf(body, 8_999))).isFalse();
  }
}
