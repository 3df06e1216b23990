package org.messagebusbridge.tester;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmCallback;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;

/**
 * Publishes test messages, mandatory and with publisher confirms, and says which of them the broker
 * did not take. Used by one thread.
 */
final class Publisher {

  /** As the Python service's tester sends them: what never comes back is gone after 5 minutes. */
  private static final String TIME_TO_LIVE_MILLIS = "300000";

  private final Channel channel;
  private final String queue;
  private final Payload payload;
  private final BasicProperties properties;
  private final BiConsumer<TestMessage, String> refused;
  private final ConcurrentNavigableMap<Long, TestMessage> unconfirmed =
      new ConcurrentSkipListMap<>();

  private Publisher(
      Channel channel, String queue, Payload payload, BiConsumer<TestMessage, String> refused) {
    this.channel = channel;
    this.queue = queue;
    this.payload = payload;
    this.properties =
        new BasicProperties.Builder()
            .contentType(payload.contentType())
            .expiration(TIME_TO_LIVE_MILLIS)
            .build();
    this.refused = refused;
  }

  /**
   * A publisher on a channel that it has for itself.
   *
   * @param refused hears, on the channel's thread, of a message that the broker did not take, and
   *     why; at times twice of the same one
   */
  static Publisher open(
      Channel channel, String queue, Payload payload, BiConsumer<TestMessage, String> refused)
      throws IOException {
    Publisher publisher = new Publisher(channel, queue, payload, refused);
    channel.addReturnListener(
        returned ->
            TestMessage.parse(returned.getBody())
                .ifPresent(message -> refused.accept(message, returned.getReplyText())));
    channel.addConfirmListener(publisher.confirmed(), publisher.negativelyConfirmed());
    channel.confirmSelect();
    return publisher;
  }

  void publish(TestMessage message) throws IOException {
    unconfirmed.put(channel.getNextPublishSeqNo(), message);
    channel.basicPublish("", queue, true, properties, payload.body(message));
  }

  private ConfirmCallback confirmed() {
    return (number, multiple) -> take(number, multiple);
  }

  private ConfirmCallback negativelyConfirmed() {
    return (number, multiple) ->
        take(number, multiple).forEach(message -> refused.accept(message, "not confirmed"));
  }

  private List<TestMessage> take(long number, boolean multiple) {
    ConcurrentNavigableMap<Long, TestMessage> settled =
        multiple
            ? unconfirmed.headMap(number, true)
            : unconfirmed.subMap(number, true, number, true);
    List<TestMessage> messages = List.copyOf(settled.values());
    settled.clear();
    return messages;
  }
}
