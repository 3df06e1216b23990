package org.messagebusbridge.sandbox;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A RabbitMQ node that nobody else uses, on 127.0.0.1 alone, with TLS (a client may show a
 * certificate of {@link #certificates()} and need not) and every file below one temporary folder.
 * Nothing of it outlives this JVM, even if that is killed.
 *
 * <pre>
 *            stop(), kill()
 *   running ----------------&gt; stopped     both --close()--&gt; closed
 *           &lt;----------------
 *             startAgain()
 * </pre>
 *
 * <p>Methods that change the state wait for one another, and throw {@link SandboxException} when
 * the node does not do as told within a minute.
 */
public final class RabbitNode implements Broker {

  static final String MEMORY_WATERMARK = "0.8";

  private static final String USER = "sandbox";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(50);

  private final ReentrantLock moves = new ReentrantLock();
  private final RabbitVersion version;
  private final RabbitPorts ports;
  private final String password;
  private final RabbitFolder folder;
  private final RabbitProcesses processes;
  private volatile String name;
  private volatile boolean bootAwaited;
  private boolean closed;

  private RabbitNode(RabbitVersion version, RabbitExtras extras) throws IOException {
    this.version = version;
    name = version.toString();
    ports = RabbitPorts.free();
    password = Passwords.random();
    folder = RabbitFolder.create(ports, USER, password, extras);
    processes = new RabbitProcesses(version, folder);
  }

  /** Starts a plain node; takes two to five seconds. */
  public static RabbitNode start(RabbitVersion version) {
    return start(version, RabbitExtras.NONE);
  }

  /**
   * Starts a node; plugins make it slower.
   *
   * @throws SandboxException when that RabbitMQ is not installed or does not start
   */
  public static RabbitNode start(RabbitVersion version, RabbitExtras extras) {
    version
        .missing()
        .ifPresent(
            reason -> {
              throw new SandboxException(reason);
            });
    try {
      RabbitNode node = new RabbitNode(version, extras);
      try {
        node.startAgain();
        return node;
      } catch (RuntimeException e) {
        node.close();
        throw e;
      }
    } catch (IOException e) {
      throw new SandboxException("%s could not be started: %s".formatted(version, e), e);
    }
  }

  @Override
  public String host() {
    return "localhost";
  }

  @Override
  public int port() {
    return ports.amqp();
  }

  @Override
  public OptionalInt tlsPort() {
    return OptionalInt.of(ports.amqps());
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
    return name;
  }

  @Override
  public Optional<Certificates> certificates() {
    return Optional.of(folder.certificates());
  }

  @Override
  public void declareQueue(String queue) {
    Queues.declareDurable(this, queue);
  }

  @Override
  public long depth(String queue) {
    return Queues.readyMessages(this, queue);
  }

  /** Shuts the node down in order. Queues, durable messages and ports are kept. */
  public void stop() {
    move("stop", processes::stopServer);
  }

  /** Ends the node by SIGKILL: what it had not yet written is lost; ports are kept. */
  public void kill() {
    move("be killed", processes::killServer);
  }

  /**
   * Starts a node that was stopped or killed, and returns when it takes connections.
   *
   * @throws SandboxException also when it runs
   */
  public void startAgain() {
    move(
        "start",
        () -> {
          if (processes.isServerAlive()) {
            throw new SandboxException("%s on port %d runs already".formatted(name, port()));
          }
          bootAwaited = false;
          processes.startServer();
          name = "RabbitMQ " + awaitVersion();
        });
  }

  /**
   * Runs {@code rabbitmqctl}; takes about half a second, the first time after a start twice that.
   *
   * @return what it printed to standard output, without white space at either end
   * @throws SandboxException when it failed, with its own reason
   */
  public String ctl(String... arguments) {
    try {
      // Connections are taken a moment before the boot ends, and only then are all commands.
      if (!bootAwaited) {
        processes.run("rabbitmqctl", List.of("await_startup"));
        bootAwaited = true;
      }
      return processes.run("rabbitmqctl", List.of(arguments));
    } catch (IOException e) {
      throw new SandboxException("rabbitmqctl of %s could not run: %s".formatted(version, e), e);
    }
  }

  /**
   * Raises or clears the memory alarm: while it lasts the node reads nothing more from a connection
   * that has published.
   */
  public void setMemoryAlarm(boolean raised) {
    ctl("set_vm_memory_high_watermark", raised ? "0" : MEMORY_WATERMARK);
  }

  /**
   * Has the node write its log of metadata now. One that is killed within moments of a queue's
   * declaration has lost the queue itself now and then, with all that was confirmed in it (3 times
   * of 40 on 4.0.5).
   */
  public void saveDeclarations() {
    ctl("eval", "mnesia:dump_log().");
  }

  @Override
  public void close() {
    move(
        "be removed",
        () -> {
          if (!closed) {
            closed = true;
            processes.close();
          }
        });
  }

  private void move(String what, Move move) {
    moves.lock();
    try {
      move.make();
    } catch (IOException e) {
      throw new SandboxException("%s could not %s: %s".formatted(name, what, e), e);
    } finally {
      moves.unlock();
    }
  }

  /**
   * What the server says of itself, when both ports take connections: the one with TLS opens a
   * moment after the plain one.
   */
  private String awaitVersion() {
    ConnectionFactory plain = connectionFactory();
    ConnectionFactory tls = connectionFactory();
    tls.setPort(tlsPort().orElseThrow());
    tls.useSslProtocol(certificates().orElseThrow().clientContext());
    String version = awaitVersion(plain);
    awaitVersion(tls);
    return version;
  }

  private String awaitVersion(ConnectionFactory factory) {
    long start = System.nanoTime();
    while (true) {
      try (Connection connection = factory.newConnection("sandbox probe")) {
        return String.valueOf(connection.getServerProperties().get("version"));
      } catch (IOException | TimeoutException e) {
        if (!processes.isServerAlive()) {
          throw new SandboxException("%s did not start: %s".formatted(name, folder.lastWords()), e);
        }
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
          throw new SandboxException(
              "%s on port %d took no connection within %d s: %s"
                  .formatted(name, factory.getPort(), PATIENCE.toSeconds(), folder.lastWords()),
              e);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PROBE_INTERVAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while a node started", e);
    }
  }

  private interface Move {
    void make() throws IOException;
  }
}
