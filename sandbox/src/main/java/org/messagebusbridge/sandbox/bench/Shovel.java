package org.messagebusbridge.sandbox.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.child.BrokerUri;

/**
 * A dynamic shovel of RabbitMQ on one node.
 *
 * @param name of its parameter
 * @param uri of the node that it connects to at both ends, maybe with a password
 * @param to the queue that it consumes
 * @param from the queue that it publishes to
 */
record Shovel(String name, String uri, String to, String from) {

  /** The broker's own, direct, connections. */
  static final String DIRECT = "amqp://";

  /** Over TCP, as to another broker. */
  static String tcp(BrokerUri broker) {
    return "amqp://%s:%s@127.0.0.1:%d"
        .formatted(encode(broker.user()), encode(broker.password()), broker.port());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** What {@code rabbitmqctl import_definitions} reads. */
  String definitions() {
    return """
    {"parameters": [{"vhost": "/", "component": "shovel", "name": "%s", "value": {\
    "src-protocol": "amqp091", "src-uri": "%s", "src-queue": "%s", "src-prefetch-count": 500, \
    "dest-protocol": "amqp091", "dest-uri": "%s", "dest-queue": "%s", "ack-mode": "on-confirm"}}]}
    """
        .formatted(name, uri, to, uri, from);
  }

  /**
   * Starts it. What it is comes from a file, since a command's arguments are in the process list.
   */
  AutoCloseable start(RabbitNode node) throws Exception {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      Path file = Files.writeString(folder.path().resolve("shovel.json"), definitions());
      node.ctl("import_definitions", file.toString());
    }
    return () -> node.ctl("clear_parameter", "shovel", name);
  }

  /** Its name: the URI may hold a password. */
  @Override
  public String toString() {
    return name;
  }
}
