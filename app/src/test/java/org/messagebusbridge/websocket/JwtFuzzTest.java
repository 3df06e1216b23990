package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.ForeignText;
import org.messagebusbridge.Fuzz;

/** Whatever stands in the configuration, the token says it, and is signed under the secret. */
@Tag("fuzz")
class JwtFuzzTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Input(Jwt jwt, byte[] key) {}

  private static Arbitrary<Input> inputs() {
    Arbitrary<Instant> times =
        Arbitraries.longs().between(0, 253_402_300_799L).map(Instant::ofEpochSecond);
    Arbitrary<Jwt> tokens =
        Combinators.combine(
                ForeignText.any(),
                ForeignText.any(),
                ForeignText.any(),
                ForeignText.any(),
                ForeignText.any(),
                times)
            .as(Jwt::new);
    Arbitrary<byte[]> keys = Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(200);
    return Combinators.combine(tokens, keys).as(Input::new);
  }

  /** As UTF-8 has it, which has no half of a surrogate pair. */
  private static String sent(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  @Test
  void aTokenHoldsWhatItIsGivenAndIsSigned() {
    Fuzz.check(
        "JwtFuzzTest#aTokenHoldsWhatItIsGivenAndIsSigned",
        2_500,
        inputs(),
        input -> {
          Jwt jwt = input.jwt();
          String token = jwt.sign(HexFormat.of().formatHex(input.key()));

          assertThat(token).matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{43}");
          String[] parts = token.split("\\.", -1);
          JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
          assertThat(claims.get("iss").asText()).isEqualTo(sent(jwt.clientId()));
          assertThat(claims.get("kid").asText()).isEqualTo(sent(jwt.clientId()));
          assertThat(claims.get("client_id").asText()).isEqualTo(sent(jwt.clientId()));
          assertThat(claims.get("host").asText()).isEqualTo(sent(jwt.host()));
          assertThat(claims.get("path").asText()).isEqualTo(sent(jwt.path()));
          assertThat(claims.get("region").asText()).isEqualTo(sent(jwt.region()));
          assertThat(claims.get("nonce").asText()).isEqualTo(sent(jwt.nonce()));
          long now = jwt.now().getEpochSecond();
          assertThat(claims.get("iat").asLong()).isEqualTo(now - 60);
          assertThat(claims.get("exp").asLong()).isEqualTo(now + 300);
          assertThat(claims.size()).isEqualTo(12);
          Mac mac = Mac.getInstance("HmacSHA256");
          mac.init(new SecretKeySpec(input.key(), "HmacSHA256"));
          assertThat(Base64.getUrlDecoder().decode(parts[2]))
              .isEqualTo(mac.doFinal((parts[0] + "." + parts[1]).getBytes(US_ASCII)));
        });
  }

  @Test
  void aSecretThatIsNotHexadecimalIsRefusedWithoutAWordOfIt() {
    Fuzz.check(
        "JwtFuzzTest#aSecretThatIsNotHexadecimalIsRefusedWithoutAWordOfIt",
        5_000,
        Arbitraries.oneOf(
                ForeignText.any(),
                Arbitraries.strings().withChars("0123456789abcdefABCDEFg").ofMaxLength(20))
            .filter(secret -> !secret.matches("([0-9a-fA-F]{2})+")),
        secret ->
            assertThatThrownBy(
                    () -> new Jwt("id", "host", "/", "ny", "nonce", Instant.EPOCH).sign(secret))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the secret is not hexadecimal")
                .hasNoCause());
  }
}
