package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import org.messagebusbridge.sandbox.child.ProcessUse;

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

  private final ReentrantLock moves = new ReentrantLock();
  private final RabbitVersion version;
  private final RabbitPorts ports;
  private final RabbitSecrets secrets;
  private final RabbitFolder folder;
  private final RabbitProcesses processes;
  private volatile String name;
  private volatile boolean bootAwaited;
  private boolean closed;

  private RabbitNode(
      RabbitVersion version,
      RabbitExtras extras,
      RabbitPorts ports,
      RabbitSecrets secrets,
      boolean withMapper)
      throws IOException {
    this.version = version;
    name = version.toString();
    this.ports = ports;
    this.secrets = secrets;
    folder = RabbitFolder.create(ports, USER, secrets, extras);
    processes = new RabbitProcesses(version, folder, withMapper);
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
    return start(
        version,
        () -> new RabbitNode(version, extras, RabbitPorts.free(), RabbitSecrets.random(), true));
  }

  /**
   * Starts another node of the cluster that this one is in, or begins. It must be closed before
   * this one is, whose port mapper it uses.
   */
  RabbitNode startPeer() {
    RabbitExtras joining =
        RabbitExtras.NONE
            .withConfig("cluster_formation.peer_discovery_backend = classic_config")
            .withConfig("cluster_formation.classic_config.nodes.1 = " + nodeName());
    return start(
        version,
        () ->
            new RabbitNode(version, joining, RabbitPorts.freeBeside(ports.epmd()), secrets, false));
  }

  private static RabbitNode start(RabbitVersion version, Preparation preparation) {
    try {
      RabbitNode node = preparation.prepare();
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
    return secrets.password();
  }

  @Override
  public String vhost() {
    return "/";
  }

  /** What the running server has used; empty when none runs. */
  public Optional<ProcessUse> use() {
    moves.lock();
    try {
      return processes.serverUse();
    } finally {
      moves.unlock();
    }
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

  /** Its name in Erlang, which is how the nodes of a cluster call one another. */
  String nodeName() {
    return folder.nodeName();
  }

  /** Whether its server runs. */
  public boolean isRunning() {
    moves.lock();
    try {
      return processes.isServerAlive();
    } finally {
      moves.unlock();
    }
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
          name = "RabbitMQ " + new RabbitProbe(this, processes, folder).awaitVersion();
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

  private interface Preparation {
    RabbitNode prepare() throws IOException;
  }

  private interface Move {
    void make() throws IOException;
  }
}
