package org.messagebusbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(180)
class JwtCheckTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private final JwtCheck check = new JwtCheck("ws", Tokens.CLIENT, Tokens.SECRET_HEX, () -> NOW);

  @ParameterizedTest
  @MethodSource("vectors")
  void takesTheTokensOfThePythonService(JsonNode vector) {
    URI url = URI.create(vector.get("url_prefix").asText() + vector.get("jwt").asText());
    Instant now = Instant.ofEpochSecond(vector.get("now_epoch_seconds").asLong());
    JwtCheck ofVector =
        new JwtCheck(
            url.getScheme(),
            vector.get("client_id").asText(),
            vector.get("client_secret_hex").asText(),
            () -> now);

    assertThat(ofVector.refuse(request(url.getAuthority(), url.getPath() + "?" + url.getQuery())))
        .isEmpty();
    assertThat(ofVector.seen()).containsExactly(vector.get("jwt").asText());
  }

  static Stream<JsonNode> vectors() throws IOException {
    try (InputStream in = JwtCheckTest.class.getResourceAsStream("jwt-vectors.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in)).valueStream();
    }
  }

  @Test
  void takesATokenForAPathWithAQuery() {
    String token = Tokens.sign(Tokens.claims("ws://api:1", "/ws?v=2", NOW), Tokens.SECRET_HEX);

    assertThat(check.refuse(request("api:1", "/ws?v=2&jwt=" + token))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("wrongClaims")
  void refusesAWrongClaim(String claim, Object value, String reason) {
    Map<String, Object> claims = Tokens.claims("ws://api:1", "/ws", NOW);
    claims.put(claim, value);

    assertThat(reasonFor(Tokens.sign(claims, Tokens.SECRET_HEX))).isEqualTo(reason);
  }

  static List<Arguments> wrongClaims() {
    long now = NOW.getEpochSecond();
    return List.of(
        Arguments.of("exp", now, "the token expired (claim exp)"),
        Arguments.of("nbf", now + 1, "the token is not valid yet (claim nbf)"),
        Arguments.of("iat", now + 1, "the token is of the future (claim iat)"),
        Arguments.of("connection_expiry", "soon", "the claim connection_expiry is missing"),
        Arguments.of("host", "ws://other:1", "the token's host is not ws://api:1"),
        Arguments.of("path", "/other", "the token's path is not /ws"),
        Arguments.of("method", "POST", "the token's method is not GET"),
        Arguments.of("client_id", "other", "the token's client_id is not client-7"),
        Arguments.of("kid", "other", "the token's kid is not client-7"),
        Arguments.of("iss", "other", "the token's iss is not client-7"),
        Arguments.of("nonce", "", "the claim nonce is missing"),
        Arguments.of("region", "", "the claim region is missing"));
  }

  @Test
  void refusesAMissingClaim() {
    for (String claim : Tokens.claims("ws://api:1", "/ws", NOW).keySet()) {
      Map<String, Object> claims = Tokens.claims("ws://api:1", "/ws", NOW);
      claims.remove(claim);

      assertThat(
              check.refuse(request("api:1", "/ws?jwt=" + Tokens.sign(claims, Tokens.SECRET_HEX))))
          .as(claim)
          .isPresent();
    }
  }

  @Test
  void refusesAnotherSecretAndAnotherAlgorithm() {
    Map<String, Object> claims = Tokens.claims("ws://api:1", "/ws", NOW);

    assertThat(reasonFor(Tokens.sign(claims, "00"))).isEqualTo("the token's signature is wrong");
    assertThat(
            reasonFor(Tokens.sign(Map.of("alg", "none", "typ", "JWT"), claims, Tokens.SECRET_HEX)))
        .isEqualTo("the token's alg is not HS256");
  }

  @Test
  void refusesWhatIsNoToken() {
    assertThat(reasonFor("")).isEqualTo("the token has 1 parts, not 3");
    assertThat(reasonFor("a.b")).isEqualTo("the token has 2 parts, not 3");
    assertThat(reasonFor("a.b.%%")).isEqualTo("the token cannot be read");
    assertThat(check.refuse(request("api:1", "/ws")).map(HttpRefusal::body))
        .contains("the query parameter jwt is missing");
    assertThat(check.seen()).containsExactly("", "a.b", "a.b.%%");
  }

  private String reasonFor(String token) {
    HttpRefusal refusal = check.refuse(request("api:1", "/ws?jwt=" + token)).orElseThrow();
    assertThat(refusal.status()).isEqualTo(401);
    return refusal.body();
  }

  private static HandshakeRequest request(String host, String uri) {
    return new HandshakeRequest("GET", uri, Map.of("Host", List.of(host)), Optional.empty());
  }
}
