package org.messagebusbridge.sandbox.bench;

import org.messagebusbridge.sandbox.child.BrokerUri;

/**
 * The two configurations that make a bridge of Benthos 4.27 (docs: {@code amqp_0_9}, {@code
 * websocket}): its WebSocket input and output cannot share a connection.
 *
 * @param url of the WebSocket service
 */
record Benthos(BrokerUri broker, String url) {

  String toWs(String queue) {
    return head()
        + """
        input:
          amqp_0_9:
            urls: ["%s"]
            queue: "%s"
            prefetch_count: 500
        output:
          websocket:
            url: "%s"
        """
            .formatted(amqp(), queue, url);
  }

  String fromWs(String queue) {
    return head()
        + """
        input:
          websocket:
            url: "%s"
        output:
          amqp_0_9:
            urls: ["%s"]
            exchange: ""
            key: "%s"
            max_in_flight: 500
        """
            .formatted(url, amqp(), queue);
  }

  private static String head() {
    return """
    http:
      enabled: false
    logger:
      level: ERROR
    """;
  }

  private String amqp() {
    return "amqp://%s:%s@127.0.0.1:%d/".formatted(broker.user(), broker.password(), broker.port());
  }
}
