package org.messagebusbridge.sandbox;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a client asked for when it opened its WebSocket, exactly as it came, credentials included.
 *
 * @param method the HTTP method
 * @param uri the request target: path and query, not decoded
 * @param headers every header with its values in order; names are found in any case
 * @param clientCertificate the subject of the client's TLS certificate, when it showed one
 */
public record HandshakeRequest(
    String method,
    String uri,
    Map<String, List<String>> headers,
    Optional<String> clientCertificate) {

  public HandshakeRequest {
    Map<String, List<String>> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, values) -> anyCase.put(name, List.copyOf(values)));
    headers = Collections.unmodifiableMap(anyCase);
  }

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).map(List::getFirst);
  }

  /** The request target without its query. */
  public String path() {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }
}
