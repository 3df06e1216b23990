package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tokens are those of the Python service: {@code jwt-vectors.json} was made by it. */
class JwtTest {

  @ParameterizedTest
  @MethodSource("vectors")
  void hasTheHeaderAndTheClaimsOfThePythonService(Map<String, Object> vector) throws IOException {
    String[] parts = token(vector).split("\\.", -1);

    assertThat(parts).hasSize(3);
    assertThat(decoded(parts[0])).isEqualTo(vector.get("header"));
    assertThat(decoded(parts[1])).isEqualTo(vector.get("claims"));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void isSignedUnderTheUnhexedSecretAsThePythonServiceSigns(Map<String, Object> vector)
      throws Exception {
    String theirs = string(vector, "jwt");
    String ours = token(vector);

    assertThat(signature(theirs, vector)).as("the vector itself").isEqualTo(tail(theirs));
    assertThat(signature(ours, vector)).isEqualTo(tail(ours));
  }

  @Test
  void signsUnderKeysOfAnyLength() {
    assertThat(jwt().sign("00")).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]{43}");
    assertThat(jwt().sign("ab".repeat(500))).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]{43}");
  }

  @Test
  void namesNoPartOfASecretThatIsNotHexadecimal() {
    for (String secret : List.of("abc", "zz11", "")) {
      assertThatThrownBy(() -> jwt().sign(secret))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the secret is not hexadecimal")
          .hasNoCause();
    }
  }

  private static Jwt jwt() {
    return new Jwt("id", "ws://host", "/", "ny", "nonce", Instant.EPOCH);
  }

  private static String token(Map<String, Object> vector) {
    long now = ((Number) value(vector, "now_epoch_seconds")).longValue();
    return new Jwt(
            string(vector, "client_id"),
            string(vector, "api_host"),
            string(vector, "api_uri"),
            "ny",
            string(vector, "nonce"),
            Instant.ofEpochSecond(now))
        .sign(string(vector, "client_secret_hex"));
  }

  private static String signature(String token, Map<String, Object> vector) throws Exception {
    byte[] key = HexFormat.of().parseHex(string(vector, "client_secret_hex"));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    byte[] hmac = mac.doFinal(token.substring(0, token.lastIndexOf('.')).getBytes(US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hmac);
  }

  private static String tail(String token) {
    return token.substring(token.lastIndexOf('.') + 1);
  }

  private static Object value(Map<String, Object> vector, String key) {
    return Objects.requireNonNull(vector.get(key), key);
  }

  private static String string(Map<String, Object> vector, String key) {
    return value(vector, key).toString();
  }

  private static Map<String, Object> decoded(String part) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(Base64.getUrlDecoder().decode(part))) {
      json.nextToken();
      return object(json);
    }
  }

  static Stream<Map<String, Object>> vectors() throws IOException {
    List<Map<String, Object>> vectors = new ArrayList<>();
    try (InputStream in = JwtTest.class.getResourceAsStream("/jwt-vectors.json");
        JsonParser json = new JsonFactory().createParser(in)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.START_OBJECT) {
        vectors.add(object(json));
      }
    }
    return vectors.stream();
  }

  private static Map<String, Object> object(JsonParser json) throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      object.put(
          name,
          value == JsonToken.START_OBJECT
              ? object(json)
              : value == JsonToken.VALUE_STRING ? json.getText() : json.getNumberValue());
    }
    return object;
  }
}
