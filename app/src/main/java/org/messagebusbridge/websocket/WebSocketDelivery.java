package org.messagebusbridge.websocket;

import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Source;

/** A message that a WebSocket peer sent: it can be accepted or rejected, not given back. */
final class WebSocketDelivery implements Delivery {
  private final WebSocketSource source;
  private final long number;
  private final Message message;

  WebSocketDelivery(WebSocketSource source, long number, Message message) {
    this.source = source;
    this.number = number;
    this.message = message;
  }

  /** Its place in the order: 1, 2, 3 ... */
  long number() {
    return number;
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
    return false;
  }

  @Override
  public boolean revoked() {
    return false;
  }

  @Override
  public void acceptThrough() {
    source.acceptThrough(number);
  }

  @Override
  public void reject(Rejection rejection) {
    source.reject(rejection);
  }
}
