package org.messagebusbridge.sandbox.bench;

import java.util.Locale;

/** What lies between the two ends of the load. */
enum Way {
  DIRECT("one queue and no bridge: what the broker and the load can do"),
  FLOOR("a loop that consumes, publishes with confirms and acknowledges, and nothing else"),
  SHOVEL("RabbitMQ's own Shovel, a bridge inside the broker"),
  SHOVEL_TCP("Shovel over TCP, as it runs between two brokers"),
  LOOPBACK("the bridge alone, with -X"),
  PONG("the bridge and a WebSocket echo service, receipts by ping and pong"),
  FLUSH("the same with ws_delivery_confirm = flush"),
  WSS("as pong, over TLS"),
  BENTHOS("Benthos and the service, on two WebSockets");

  private final String meaning;

  Way(String meaning) {
    this.meaning = meaning;
  }

  /** What it is called on the command line and in tables: {@code shovel-tcp}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The label, by which the command line knows it. */
  @Override
  public String toString() {
    return label();
  }

  String meaning() {
    return meaning;
  }
}
