package org.messagebusbridge.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** One condition that a handshake must meet. */
@FunctionalInterface
interface HandshakeCheck {

  /** The refusal, when the request does not meet the condition. */
  Optional<HttpRefusal> refuse(HandshakeRequest request);

  /** The path must be this one, whatever the query. */
  static HandshakeCheck path(String path) {
    return request ->
        request.path().equals(path) ? Optional.empty() : Optional.of(HttpRefusal.notFound());
  }

  /** A header must be there with this value. */
  static HandshakeCheck header(String name, String value) {
    return request ->
        request.header(name).filter(value::equals).isPresent()
            ? Optional.empty()
            : Optional.of(HttpRefusal.forbidden("header " + name + " is missing or wrong"));
  }

  /** RFC 6750, section 2.1. */
  static HandshakeCheck bearer(String token) {
    return authorization("Bearer", token);
  }

  /** RFC 7617, section 2, in UTF-8. */
  static HandshakeCheck basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return authorization("Basic", Base64.getEncoder().encodeToString(pair));
  }

  private static HandshakeCheck authorization(String scheme, String credentials) {
    String expected = scheme + " " + credentials;
    return request ->
        request.header("Authorization").filter(expected::equals).isPresent()
            ? Optional.empty()
            : Optional.of(
                HttpRefusal.of(401, scheme + " credentials are missing or wrong")
                    .with("WWW-Authenticate", scheme));
  }
}
