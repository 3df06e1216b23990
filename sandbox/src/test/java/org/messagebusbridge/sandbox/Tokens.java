package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens made by hand, right ones to begin with. */
final class Tokens {
  static final String CLIENT = "client-7";
  static final String SECRET_HEX = "00ff10a0deadbeef";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Tokens() {}

  /** The claims of a right token. */
  static Map<String, Object> claims(String host, String path, Instant now) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("kid", CLIENT);
    claims.put("client_id", CLIENT);
    claims.put("iss", CLIENT);
    claims.put("host", host);
    claims.put("path", path);
    claims.put("method", "GET");
    claims.put("region", "ny");
    claims.put("nonce", UUID.randomUUID().toString());
    claims.put("nbf", now.getEpochSecond() - 60);
    claims.put("iat", now.getEpochSecond() - 60);
    claims.put("exp", now.getEpochSecond() + 300);
    claims.put("connection_expiry", now.getEpochSecond() + 300);
    return claims;
  }

  static String sign(Map<String, Object> claims, String secretHex) {
    return sign(Map.of("alg", "HS256", "typ", "JWT"), claims, secretHex);
  }

  static String sign(Map<String, Object> header, Map<String, Object> claims, String secretHex) {
    String signed = encode(header) + "." + encode(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(HexFormat.of().parseHex(secretHex), "HmacSHA256"));
      return signed + "." + base64(mac.doFinal(signed.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String encode(Map<String, Object> json) {
    try {
      return base64(JSON.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
