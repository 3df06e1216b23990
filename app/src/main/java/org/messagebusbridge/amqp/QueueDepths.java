package org.messagebusbridge.amqp;

import com.rabbitmq.client.AMQP.Queue.DeclareOk;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.QueueDepth;
import org.messagebusbridge.config.BusModule;
import org.messagebusbridge.tls.TlsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker how many messages wait in a queue, by declaring it passively (AMQP 0-9-1,
 * 1.7.2.1). On a connection of its own: of the two others, one is not read while the WebSocket is
 * slow and the other is not heard while the broker is in alarm, and that is when the depth matters
 * most. It is opened when first asked, and again after it was lost. Used by one thread at a time,
 * but for {@link #close}.
 */
public final class QueueDepths implements BusModule.Depths {
  private static final Logger log = LoggerFactory.getLogger(QueueDepths.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Supplier<AmqpConfig> config;
  private volatile boolean closed;
  private volatile @Nullable Wire wire;
  private @Nullable Connection connection;
  private @Nullable Channel channel;

  public QueueDepths(AmqpConfig config) {
    this(() -> config);
  }

  /**
   * On a broker whose login may change.
   *
   * @param config asked when a connection is opened
   */
  public QueueDepths(Supplier<AmqpConfig> config) {
    this.config = config;
  }

  @Override
  public Optional<QueueDepth> of(String queue) {
    if (closed) {
      return Optional.empty();
    }
    try {
      DeclareOk answer = channel().queueDeclarePassive(queue);
      return Optional.of(new QueueDepth(answer.getMessageCount(), answer.getConsumerCount()));
    } catch (IOException | TimeoutException | TlsException | ShutdownSignalException e) {
      // The broker closes a channel over a queue that is not there.
      channel = null;
      log.atDebug()
          .addKeyValue("queue", queue)
          .setCause(e)
          .log("The depth of a queue is not known");
      return Optional.empty();
    }
  }

  private Channel channel() throws IOException, TimeoutException, TlsException {
    Channel open = channel;
    if (open != null && open.isOpen()) {
      return open;
    }
    Connection at = connection;
    if (at == null || !at.isOpen()) {
      Wire fresh = new Wire(config.get(), "observe");
      wire = fresh;
      at = fresh.open();
      connection = at;
      if (closed) {
        close();
      }
    }
    open = Wire.channel(at);
    channel = open;
    return open;
  }

  /** Closes its connection, also while it is being opened. */
  @Override
  public void close() {
    closed = true;
    Wire open = wire;
    if (open != null) {
      open.close(CLOSE_TIMEOUT);
    }
  }
}
