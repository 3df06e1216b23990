package org.messagebusbridge.sandbox;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Three RabbitMQ nodes in one cluster, on 127.0.0.1 alone, behind a {@link LoadBalancer} whose port
 * is the broker's. They are ordinary nodes: each can be stopped, killed and started again while two
 * others run. Queues are quorum queues with a member on each node.
 */
public final class RabbitCluster implements Broker {
  private static final int SIZE = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(50);

  private final List<RabbitNode> nodes;
  private final LoadBalancer front;

  private RabbitCluster(List<RabbitNode> nodes, LoadBalancer front) {
    this.nodes = nodes;
    this.front = front;
  }

  /**
   * Starts three nodes, one after the other; takes some fifteen seconds.
   *
   * @throws SandboxException when that RabbitMQ is not installed or does not start
   */
  public static RabbitCluster start(RabbitVersion version) {
    List<RabbitNode> nodes = new ArrayList<>();
    try {
      nodes.add(RabbitNode.start(version));
      while (nodes.size() < SIZE) {
        nodes.add(nodes.getFirst().startPeer());
      }
      List<InetSocketAddress> addresses =
          nodes.stream().map(node -> new InetSocketAddress(node.host(), node.port())).toList();
      return new RabbitCluster(List.copyOf(nodes), LoadBalancer.to(addresses));
    } catch (RuntimeException e) {
      closeAll(nodes);
      throw e;
    }
  }

  /** The nodes, which are the caller's to stop, kill and start again, but not to close. */
  public List<RabbitNode> nodes() {
    return nodes;
  }

  /**
   * The node that leads a quorum queue now.
   *
   * @throws SandboxException when none does
   */
  public RabbitNode leader(String queue) {
    return find(queue)
        .orElseThrow(() -> new SandboxException("No node leads the queue %s".formatted(queue)));
  }

  /** Waits until a node leads the queue, and says which. */
  public RabbitNode awaitLeader(String queue) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Optional<RabbitNode> leader = find(queue);
    while (leader.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new SandboxException("No node came to lead the queue %s".formatted(queue));
      }
      TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
      leader = find(queue);
    }
    return leader.get();
  }

  private Optional<RabbitNode> find(String queue) {
    List<RabbitNode> running = nodes.stream().filter(RabbitNode::isRunning).toList();
    String listed =
        running.getFirst().ctl("-q", "list_queues", "name", "leader", "--no-table-headers");
    return listed
        .lines()
        .map(line -> line.split("\t", 2))
        .filter(columns -> columns.length == 2 && columns[0].equals(queue))
        .flatMap(columns -> running.stream().filter(node -> node.nodeName().equals(columns[1])))
        .findFirst();
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  /** The port of the load balancer. */
  @Override
  public int port() {
    return front.port();
  }

  @Override
  public OptionalInt tlsPort() {
    return OptionalInt.empty();
  }

  @Override
  public String user() {
    return nodes.getFirst().user();
  }

  @Override
  public String password() {
    return nodes.getFirst().password();
  }

  @Override
  public String vhost() {
    return nodes.getFirst().vhost();
  }

  @Override
  public String name() {
    return "%s, %d nodes".formatted(nodes.getFirst().name(), SIZE);
  }

  @Override
  public Optional<Certificates> certificates() {
    return Optional.empty();
  }

  /**
   * Declares a quorum queue with a delivery limit that is never reached; nothing happens when it
   * exists so.
   */
  @Override
  public void declareQueue(String queue) {
    try (Connection connection = connectionFactory().newConnection("sandbox");
        Channel channel = connection.createChannel()) {
      channel.queueDeclare(
          queue,
          true,
          false,
          false,
          Map.of("x-queue-type", "quorum", "x-delivery-limit", 1_000_000_000));
    } catch (IOException | TimeoutException e) {
      throw new SandboxException("%s did not make the queue %s".formatted(name(), queue), e);
    }
  }

  @Override
  public long depth(String queue) {
    return Queues.readyMessages(this, queue);
  }

  @Override
  public void close() {
    front.close();
    closeAll(nodes);
  }

  /** The last first: the first has the port mapper of all. */
  private static void closeAll(List<RabbitNode> nodes) {
    nodes.reversed().forEach(RabbitNode::close);
  }
}
