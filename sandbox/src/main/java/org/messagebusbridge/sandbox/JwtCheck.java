package org.messagebusbridge.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks the token in the query parameter {@code jwt}: HS256 (RFC 7515, RFC 7518 section 3.2) under
 * the unhexed secret, with the claims that the Python service wrote. The {@code host} claim must be
 * the scheme and the {@code Host} header of the request, so a token is right through a proxy too
 * when it names the address that the client used.
 */
final class JwtCheck implements HandshakeCheck {
  private static final Pattern JWT = Pattern.compile("[?&]jwt=([^&]*)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String scheme;
  private final String clientId;
  private final SecretKeySpec key;
  private final InstantSource clock;
  private final List<String> seen = new CopyOnWriteArrayList<>();

  JwtCheck(String scheme, String clientId, String secretHex, InstantSource clock) {
    this.scheme = scheme;
    this.clientId = clientId;
    this.key = new SecretKeySpec(HexFormat.of().parseHex(secretHex), "HmacSHA256");
    this.clock = clock;
  }

  /** Every token that came, right or wrong, in order. */
  List<String> seen() {
    return List.copyOf(seen);
  }

  @Override
  public Optional<HttpRefusal> refuse(HandshakeRequest request) {
    return fault(request).map(HttpRefusal::unauthorized);
  }

  private Optional<String> fault(HandshakeRequest request) {
    Matcher parameter = JWT.matcher(request.uri());
    if (!parameter.find()) {
      return Optional.of("the query parameter jwt is missing");
    }
    String token = parameter.group(1);
    seen.add(token);
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.of("the token has " + parts.length + " parts, not 3");
    }
    try {
      byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
      if (!MessageDigest.isEqual(hmac(signed), Base64.getUrlDecoder().decode(parts[2]))) {
        return Optional.of("the token's signature is wrong");
      }
      String target = parameter.replaceFirst("");
      return headerFault(json(parts[0])).or(() -> claimFault(json(parts[1]), request, target));
    } catch (IllegalArgumentException e) {
      return Optional.of("the token cannot be read");
    }
  }

  private byte[] hmac(byte[] signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HmacSHA256", e);
    }
  }

  private static JsonNode json(String part) {
    try {
      byte[] decoded = Base64.getUrlDecoder().decode(part);
      return JSON.readTree(new String(decoded, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }

  private static Optional<String> headerFault(JsonNode header) {
    return mustBe(header, "alg", "HS256").or(() -> mustBe(header, "typ", "JWT"));
  }

  private Optional<String> claimFault(JsonNode claims, HandshakeRequest request, String target) {
    long now = clock.instant().getEpochSecond();
    if (claims.path("exp").asLong(Long.MIN_VALUE) <= now) {
      return Optional.of("the token expired (claim exp)");
    }
    if (claims.path("nbf").asLong(Long.MAX_VALUE) > now) {
      return Optional.of("the token is not valid yet (claim nbf)");
    }
    if (claims.path("iat").asLong(Long.MAX_VALUE) > now) {
      return Optional.of("the token is of the future (claim iat)");
    }
    if (!claims.path("connection_expiry").isIntegralNumber()) {
      return Optional.of("the claim connection_expiry is missing");
    }
    String host = scheme + "://" + request.header("Host").orElse("");
    return mustBe(claims, "host", host)
        .or(() -> mustBe(claims, "path", target))
        .or(() -> mustBe(claims, "method", request.method()))
        .or(() -> mustBe(claims, "client_id", clientId))
        .or(() -> mustBe(claims, "kid", clientId))
        .or(() -> mustBe(claims, "iss", clientId))
        .or(() -> mustBeThere(claims, "nonce"))
        .or(() -> mustBeThere(claims, "region"));
  }

  private static Optional<String> mustBe(JsonNode node, String name, String value) {
    return node.path(name).asText().equals(value)
        ? Optional.empty()
        : Optional.of("the token's " + name + " is not " + value);
  }

  private static Optional<String> mustBeThere(JsonNode node, String name) {
    return node.path(name).asText().isBlank()
        ? Optional.of("the claim " + name + " is missing")
        : Optional.empty();
  }
}
