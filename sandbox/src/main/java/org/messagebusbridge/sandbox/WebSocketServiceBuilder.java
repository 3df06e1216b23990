package org.messagebusbridge.sandbox;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The settings of a service, each optional. */
public final class WebSocketServiceBuilder {
  final List<HandshakeCheck> checks = new ArrayList<>();
  int port;
  String path = "/ws";
  int threads = 1;
  InstantSource clock = InstantSource.system();
  Behaviour behaviour = Behaviour.echo();
  @Nullable JwtClient jwt;
  @Nullable HttpRefusal refusal;
  @Nullable SSLContext tls;
  boolean requireClientCertificate;
  List<String> subprotocols = List.of();
  boolean compression;
  int maxMessageBytes = 64 * 1024 * 1024;

  record JwtClient(String id, String secretHex) {}

  WebSocketServiceBuilder() {}

  /** The port; 0, the default, is a free one. */
  public WebSocketServiceBuilder port(int port) {
    this.port = port;
    return this;
  }

  /** The one path that is served; any other is answered with 404. {@code /ws} by default. */
  public WebSocketServiceBuilder path(String path) {
    this.path = path;
    return this;
  }

  /** How many event loops serve all connections; 1 by default. */
  public WebSocketServiceBuilder threads(int threads) {
    this.threads = threads;
    return this;
  }

  /**
   * TLS with the key of this context, whose trust store a client's certificate is checked against.
   */
  public WebSocketServiceBuilder tls(SSLContext context, boolean requireClientCertificate) {
    this.tls = context;
    this.requireClientCertificate = requireClientCertificate;
    return this;
  }

  /** Asks for a right token in the query parameter {@code jwt}; 401 says what is wrong with one. */
  public WebSocketServiceBuilder jwt(String clientId, String secretHex) {
    this.jwt = new JwtClient(clientId, secretHex);
    return this;
  }

  /** What tokens are checked against instead of the system's clock. */
  public WebSocketServiceBuilder clock(InstantSource clock) {
    this.clock = clock;
    return this;
  }

  /** Asks for {@code Authorization: Bearer}; 401 otherwise. */
  public WebSocketServiceBuilder bearer(String token) {
    checks.add(HandshakeCheck.bearer(token));
    return this;
  }

  /** Asks for {@code Authorization: Basic}; 401 otherwise. */
  public WebSocketServiceBuilder basic(String user, String password) {
    checks.add(HandshakeCheck.basic(user, password));
    return this;
  }

  /** Asks for a header with this value; 403 otherwise. */
  public WebSocketServiceBuilder requireHeader(String name, String value) {
    checks.add(HandshakeCheck.header(name, value));
    return this;
  }

  /** The subprotocols that may be chosen from what a client offers (RFC 6455, section 1.9). */
  public WebSocketServiceBuilder subprotocols(String... names) {
    this.subprotocols = List.of(names);
    return this;
  }

  /**
   * Whether {@code permessage-deflate} (RFC 7692) is agreed to when a client offers it; not by
   * default.
   */
  public WebSocketServiceBuilder compression(boolean compression) {
    this.compression = compression;
    return this;
  }

  /**
   * The largest frame, and for a recorder the largest message, beyond which it closes with 1009; 64
   * MiB by default.
   */
  public WebSocketServiceBuilder maxMessageBytes(int bytes) {
    this.maxMessageBytes = bytes;
    return this;
  }

  /** What is done with open connections; {@link Behaviour#echo} by default. */
  public WebSocketServiceBuilder behaviour(Behaviour behaviour) {
    this.behaviour = behaviour;
    return this;
  }

  /**
   * Refuses every handshake, until {@link WebSocketService#accept} or another refusal is asked for.
   */
  public WebSocketServiceBuilder refuse(HttpRefusal refusal) {
    this.refusal = refusal;
    return this;
  }

  /**
   * Starts the service.
   *
   * @throws SandboxException when the port cannot be had
   */
  public WebSocketService start() {
    return new WebSocketService(this);
  }
}
