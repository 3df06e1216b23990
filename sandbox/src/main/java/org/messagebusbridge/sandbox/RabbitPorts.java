package org.messagebusbridge.sandbox;

/** The ports of one RabbitMQ node, which it keeps when it starts again. */
record RabbitPorts(int amqp, int amqps, int distribution, int epmd) {

  static RabbitPorts free() {
    return freeBeside(FreePorts.next());
  }

  /** For a node that registers with a port mapper which is there already. */
  static RabbitPorts freeBeside(int epmd) {
    return new RabbitPorts(FreePorts.next(), FreePorts.next(), FreePorts.next(), epmd);
  }
}
