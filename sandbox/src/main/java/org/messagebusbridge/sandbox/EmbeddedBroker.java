package org.messagebusbridge.sandbox;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Apache Qpid Broker-J in this JVM: AMQP 0-9-1 without TLS, everything in memory, no file.
 *
 * <p>It differs from RabbitMQ in what a client can see:
 *
 * <ul>
 *   <li>{@code expiration} is an absolute time to it, so a time to live is long past on arrival.
 *       Every queue therefore has a minimum: a message with an {@code expiration} lives as long as
 *       {@link #TIME_TO_LIVE}, or as its queue says ({@link #declareQueue(String, Duration)}).
 *   <li>A mandatory message that no queue takes is negatively confirmed first and returned after;
 *       RabbitMQ returns it first and then confirms it.
 *   <li>A passive declare counts the messages that consumers hold; {@link #depth} does not.
 *   <li>Declaring an existing queue with other arguments is no error, and arguments that it does
 *       not know, such as {@code x-queue-type}, are ignored.
 *   <li>It closes the connection without a word on a wrong password, which amqp-client reports as
 *       {@code PossibleAuthenticationFailureException}.
 * </ul>
 */
public final class EmbeddedBroker implements Broker {

  /** How long a message with an {@code expiration} lives, whatever number it carries. */
  public static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);

  private static final String USER = "sandbox";

  private final Qpid qpid;
  private final String password;

  private EmbeddedBroker(Qpid qpid, String password) {
    this.qpid = qpid;
    this.password = password;
  }

  /**
   * Starts a broker on a free loopback port; takes one to two seconds.
   *
   * @throws SandboxException when it does not start
   */
  public static EmbeddedBroker start() {
    return start(0);
  }

  /**
   * Starts a broker, empty, on a port of the caller's choice, such as that of one just closed.
   *
   * @param port 1..65535, or 0 for a free one
   * @throws SandboxException when it does not start, such as when the port is taken
   */
  public static EmbeddedBroker start(int port) {
    String password = Passwords.random();
    return new EmbeddedBroker(Qpid.start(port, USER, password, TIME_TO_LIVE), password);
  }

  @Override
  public String host() {
    return "localhost";
  }

  @Override
  public int port() {
    return qpid.port();
  }

  @Override
  public OptionalInt tlsPort() {
    return OptionalInt.empty();
  }

  @Override
  public String user() {
    return USER;
  }

  @Override
  public String password() {
    return password;
  }

  @Override
  public String vhost() {
    return "/";
  }

  @Override
  public String name() {
    return "embedded Qpid Broker-J " + Qpid.VERSION;
  }

  @Override
  public Optional<Certificates> certificates() {
    return Optional.empty();
  }

  @Override
  public void declareQueue(String queue) {
    Queues.declareDurable(this, queue);
  }

  /**
   * Creates a durable queue whose messages live for the time given when they carry an {@code
   * expiration}, whatever number it is.
   *
   * @throws SandboxException also when the queue exists
   */
  public void declareQueue(String queue, Duration timeToLive) {
    qpid.createQueue(queue, timeToLive);
  }

  @Override
  public long depth(String queue) {
    return qpid.availableMessages(queue);
  }

  @Override
  public void close() {
    qpid.close();
  }
}
