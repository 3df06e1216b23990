package org.messagebusbridge.tls;

/** Whose TLS it is: how the keys of the configuration are named in what an operator reads. */
public enum TlsKeys {
  /** The WebSocket API: {@code ws_ca_file} and so on. */
  WS(
      "ws_",
      "write ws:// instead of wss:// in api_host if it is meant to be plain, or correct its port"),
  /** The broker: {@code mq_ca_file} and so on. */
  MQ(
      "mq_",
      "correct mq_port (TLS is 5671 as a rule), or set mq_tls=false if it is meant to be plain");

  private final String prefix;
  private final String plaintextAdvice;

  TlsKeys(String prefix, String plaintextAdvice) {
    this.prefix = prefix;
    this.plaintextAdvice = plaintextAdvice;
  }

  /** The key that names the certificates to trust. */
  public String caFile() {
    return prefix + "ca_file";
  }

  /** The key that names the client's certificate chain. */
  public String clientCertFile() {
    return prefix + "client_cert_file";
  }

  /** The key that names the client's private key. */
  public String clientKeyFile() {
    return prefix + "client_key_file";
  }

  /** What to do when the peer turns out not to speak TLS. */
  String plaintextAdvice() {
    return plaintextAdvice;
  }
}
