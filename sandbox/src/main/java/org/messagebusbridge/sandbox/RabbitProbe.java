package org.messagebusbridge.sandbox;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Finds out when a node that was just started takes connections. */
final class RabbitProbe {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final RabbitNode node;
  private final RabbitProcesses processes;
  private final RabbitFolder folder;

  RabbitProbe(RabbitNode node, RabbitProcesses processes, RabbitFolder folder) {
    this.node = node;
    this.processes = processes;
    this.folder = folder;
  }

  /**
   * What the server says of itself, when both ports take connections: the one with TLS opens a
   * moment after the plain one.
   *
   * @throws SandboxException when it ends, or does not come to that within three minutes
   */
  String awaitVersion() {
    ConnectionFactory plain = node.connectionFactory();
    ConnectionFactory tls = node.connectionFactory();
    tls.setPort(node.tlsPort().orElseThrow());
    tls.useSslProtocol(folder.certificates().clientContext());
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
          throw new SandboxException(
              "%s did not start: %s".formatted(node.name(), folder.lastWords()), e);
        }
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
          throw new SandboxException(
              "%s on port %d took no connection within %d s: %s"
                  .formatted(
                      node.name(), factory.getPort(), PATIENCE.toSeconds(), folder.lastWords()),
              e);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(INTERVAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while a node started", e);
    }
  }
}
