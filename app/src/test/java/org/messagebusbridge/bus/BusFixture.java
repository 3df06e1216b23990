package org.messagebusbridge.bus;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * A bus under contract and the other side of it (a broker, a WebSocket service), fresh for one
 * test. {@link #close} leaves nothing running and nothing open.
 */
public interface BusFixture extends AutoCloseable {

  /**
   * What the summary lines call it: the bus and what it stands on, {@code amqp on RabbitMQ 4.0 over
   * TLS}.
   */
  String name();

  /** The bus under test: connecting to it twice gives two connections to the same other side. */
  Bus bus();

  /**
   * Makes the other side send these messages, in order, to the source of this connection. Their
   * forms are {@link Message.Form#TEXT} and {@link Message.Form#BINARY}, and a source hands them
   * out in that form. May return before they have arrived.
   */
  void offer(BusConnection connection, List<Message> messages) throws Exception;

  /**
   * What the other side has got from the sink, first to last, since the fixture was opened: waits
   * until there are {@code atLeast}, ten seconds at most, and gives what there is then. A bus whose
   * other side must first take a message before the sink confirms it (the loopback) takes it here.
   */
  List<Message> received(BusConnection connection, int atLeast) throws Exception;

  /**
   * How the other side gets a message that was sent: as it was, unless the bus gives it another
   * form (a WebSocket makes text of every body that can be text).
   */
  default Message asReceived(Message sent) {
    return sent;
  }

  /** Whether the bus carries what is known of a message beside its body and form. */
  default boolean carriesAttributes() {
    return false;
  }

  /**
   * Whether the sink confirms what has arrived only. Some can be told to confirm what they have
   * passed on, which a cut connection may lose.
   */
  default boolean confirmsWhatHasArrivedOnly() {
    return true;
  }

  /** Whether {@link #cut} is possible: the bus has a connection that can be cut. */
  default boolean canCut() {
    return true;
  }

  /**
   * Cuts every connection of the bus without a goodbye; a later {@link Bus#connect} works again.
   */
  void cut() throws Exception;

  /**
   * How many messages the other side keeps for the source, neither accepted nor in anyone's hands;
   * empty when it keeps none by its nature (a WebSocket peer).
   */
  default OptionalLong kept() throws Exception {
    return OptionalLong.empty();
  }

  @Override
  void close() throws IOException;
}
