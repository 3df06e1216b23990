package org.messagebusbridge.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Source;

/** A message of a queue that is not acknowledged yet. */
final class AmqpDelivery implements Delivery {
  private final Source source;
  private final Unsettled unsettled;
  private final Envelope envelope;
  private final BasicProperties properties;
  private final Message message;
  private final long bodyBytes;

  /** Of {@link Unsettled}, and guarded by its lock. */
  Unsettled.State state = Unsettled.State.HANDED_OUT;

  /**
   * @param bodyBytes the size of the body, of which {@code body} may be the beginning alone
   */
  AmqpDelivery(
      Source source,
      Unsettled unsettled,
      Envelope envelope,
      BasicProperties properties,
      byte[] body,
      long bodyBytes) {
    this.source = source;
    this.unsettled = unsettled;
    this.envelope = envelope;
    this.properties = properties;
    this.bodyBytes = bodyBytes;
    this.message = Message.of(body, ContentTypes.form(properties.getContentType()));
  }

  /** The broker's number of this delivery on its channel: they rise in the order of deliveries. */
  long tag() {
    return envelope.getDeliveryTag();
  }

  Envelope envelope() {
    return envelope;
  }

  BasicProperties properties() {
    return properties;
  }

  /** The size of the body in bytes, also of one that did not fit. */
  long bodyBytes() {
    return bodyBytes;
  }

  @Override
  public Message message() {
    return message;
  }

  @Override
  public Source source() {
    return source;
  }

  @Override
  public boolean redelivered() {
    return envelope.isRedeliver();
  }

  @Override
  public boolean revoked() {
    return unsettled.isVoid(this);
  }

  @Override
  public void acceptThrough() {
    unsettled.acceptThrough(this);
  }

  @Override
  public void reject(Rejection rejection) {
    unsettled.reject(this, rejection);
  }
}
