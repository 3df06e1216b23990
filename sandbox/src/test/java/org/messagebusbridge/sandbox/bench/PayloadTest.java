package org.messagebusbridge.sandbox.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, 24",
    "2147483647, 9223372036854775807, 200",
    "17, -1, 25",
    "16, -9223372036854775808, 65536"
  })
  void isReadBackFromABodyOfAnySizeThatIsText(int number, long nanos, int size) {
    Payload payload = new Payload(number, nanos);

    byte[] body = payload.bytes(size);

    assertThat(body).hasSize(size);
    assertThat(new String(body, US_ASCII)).matches("[0-9a-f]{24}\\.*");
    assertThat(Payload.of(body)).isEqualTo(payload);
  }
}
