package org.messagebusbridge.sandbox.child;

import com.rabbitmq.client.ConnectionFactory;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.SandboxException;

/**
 * A broker and how to log in: {@code amqp[s]://user:password@host:port/vhost}, in the form of the
 * RabbitMQ URI specification, but that a missing virtual host, or an empty one, is {@code /}.
 *
 * @param tls whether the scheme is {@code amqps}
 * @param port by default 5671 with TLS, 5672 without
 */
public record BrokerUri(
    boolean tls, String user, String password, String host, int port, String vhost) {

  private static final String FORM = "amqp[s]://user:password@host:port/vhost";

  /**
   * Reads a URI.
   *
   * @param otherwise the password when the URI has none
   * @throws IllegalArgumentException with one sentence, which never shows the text given
   */
  public static BrokerUri parse(String text, Optional<String> otherwise) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "The broker's URI cannot be read; it is %s, with any special character of the password written as %%XX."
              .formatted(FORM),
          e);
    }
    String scheme = String.valueOf(uri.getScheme());
    String[] login = String.valueOf(uri.getRawUserInfo()).split(":", 2);
    if (!(scheme.equals("amqp") || scheme.equals("amqps"))
        || uri.getHost() == null
        || uri.getRawUserInfo() == null
        || login[0].isEmpty()
        || (login.length < 2 && otherwise.isEmpty())) {
      throw new IllegalArgumentException("The broker's URI has to be " + FORM + ".");
    }
    boolean tls = scheme.equals("amqps");
    int port = uri.getPort() > 0 ? uri.getPort() : tls ? 5671 : 5672;
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String vhost = path.length() <= 1 ? "/" : decode(path.substring(1));
    String password = login.length == 2 ? decode(login[1]) : otherwise.orElse("");
    return new BrokerUri(tls, decode(login[0]), password, uri.getHost(), port, vhost);
  }

  /** The plain port of a broker of the sandbox. */
  public static BrokerUri of(Broker broker) {
    return new BrokerUri(
        false, broker.user(), broker.password(), broker.host(), broker.port(), broker.vhost());
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Where it is, for people: without credentials. */
  public String address() {
    return (tls ? "amqps://" : "amqp://")
        + host
        + ":"
        + port
        + (vhost.equals("/") ? "" : "/" + vhost);
  }

  /**
   * The keys of section {@code aws_mq} that say where it is and who logs in, without the secret.
   */
  public Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("mq_host", host);
    keys.put("mq_port", Integer.toString(port));
    keys.put("mq_tls", Boolean.toString(tls));
    keys.put("mq_vhost", vhost);
    keys.put("mq_user_id", user);
    return keys;
  }

  /** A factory for connections to it; with TLS, by the JDK's trust store, host name checked. */
  public ConnectionFactory connectionFactory() {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(host);
    factory.setPort(port);
    factory.setUsername(user);
    factory.setPassword(password);
    factory.setVirtualHost(vhost);
    factory.setConnectionTimeout(10_000);
    factory.setChannelRpcTimeout(5_000); // also a broker that Ctrl-C has stopped does not answer
    factory.setAutomaticRecoveryEnabled(false);
    if (tls) {
      try {
        factory.useSslProtocol(SSLContext.getDefault());
        factory.enableHostnameVerification();
      } catch (GeneralSecurityException e) {
        throw new SandboxException("The TLS of this Java runtime cannot be set up.", e);
      }
    }
    return factory;
  }

  /** The address: neither the user nor the password. */
  @Override
  public String toString() {
    return address();
  }
}
