package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The token that the API asks for at each connect (RFC 7519, HS256 of RFC 7518): the header and
 * claims that the Python service sends.
 *
 * @param clientId claims {@code iss}, {@code kid} and {@code client_id}
 * @param host claim {@code host}: {@code api_host} as written
 * @param path claim {@code path}: {@code api_uri} as written
 * @param region claim {@code region}
 * @param nonce claim {@code nonce}: a UUID, never used twice
 * @param now the time that the other claims are reckoned from
 */
record Jwt(String clientId, String host, String path, String region, String nonce, Instant now) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** How long the token, and the connection that it opens, may be used. */
  private static final Duration LIFE = Duration.ofMinutes(5);

  /** How far the API's clock may be behind. */
  private static final Duration LEEWAY = Duration.ofMinutes(1);

  /**
   * The signed token, in its compact form.
   *
   * @param hexSecret the key in hexadecimal, of any length but none (which is why no JWT library is
   *     at work here: they refuse keys shorter than RFC 7518 advises)
   * @throws IllegalArgumentException when the secret is not hexadecimal; the message has none of it
   */
  String sign(String hexSecret) {
    String signed = BASE64.encodeToString(header()) + "." + BASE64.encodeToString(claims());
    return signed + "." + BASE64.encodeToString(hmac(key(hexSecret), signed.getBytes(US_ASCII)));
  }

  private static byte[] key(String hexSecret) {
    try {
      byte[] key = HexFormat.of().parseHex(hexSecret);
      if (key.length > 0) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // What the JDK says quotes the secret: said anew below, without it and without its cause.
    }
    throw new IllegalArgumentException("the secret is not hexadecimal");
  }

  private static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }

  private static byte[] header() {
    return json(
        json -> {
          json.writeStringField("alg", "HS256");
          json.writeStringField("typ", "JWT");
        });
  }

  private byte[] claims() {
    long issued = now.minus(LEEWAY).getEpochSecond();
    long expires = now.plus(LIFE).getEpochSecond();
    return json(
        json -> {
          json.writeStringField("iss", clientId);
          json.writeStringField("kid", clientId);
          json.writeStringField("client_id", clientId);
          json.writeNumberField("iat", issued);
          json.writeNumberField("nbf", issued);
          json.writeNumberField("exp", expires);
          json.writeNumberField("connection_expiry", expires);
          json.writeStringField("nonce", nonce);
          json.writeStringField("region", region);
          json.writeStringField("method", "GET");
          json.writeStringField("host", host);
          json.writeStringField("path", path);
        });
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] json(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a StringWriter never fails", e);
    }
    return text.toString().getBytes(UTF_8);
  }
}
