package org.messagebusbridge.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.SocketConfigurators;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.tls.TlsContexts;
import org.messagebusbridge.tls.TlsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the broker. Opened once; may be closed by any thread at any time, also while it
 * is being opened.
 */
final class Wire {
  /** For the TCP connection, and for each of the handshakes of TLS and AMQP. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** For the broker's answer to a method: declare, consume, cancel. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

  /**
   * The largest message that is read: RabbitMQ's own upper limit of {@code max_message_size}, so
   * whatever the broker was allowed to take can be had from it, whole as far as the heap goes.
   */
  private static final int MAX_INBOUND_BYTES = 512 << 20;

  private static final Logger log = LoggerFactory.getLogger(Wire.class);

  /** For closing, and for the client's last flush, which must not hold up a socket's closing. */
  private static final ExecutorService CLOSERS =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("amqp-close-", 0).factory());

  private final AmqpConfig config;
  private final String purpose;
  private final Duration answerTimeout;
  private final LargeBodies bodies;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable CompletableFuture<Boolean> closing;
  private volatile boolean killed;
  private volatile @Nullable Socket socket;
  private volatile @Nullable Connection connection;
  private volatile @Nullable CorkedFrames frames;

  /**
   * @param purpose {@code consume}, {@code publish} or {@code observe}: part of the name that the
   *     broker shows
   */
  Wire(AmqpConfig config, String purpose) {
    this(config, purpose, ANSWER_TIMEOUT, MAX_INBOUND_BYTES);
  }

  /**
   * @param answerTimeout for the broker's answer to a method
   */
  Wire(AmqpConfig config, String purpose, Duration answerTimeout) {
    this(config, purpose, answerTimeout, MAX_INBOUND_BYTES);
  }

  /**
   * @param largestBody that is kept whole, in bytes
   */
  Wire(AmqpConfig config, String purpose, long largestBody) {
    this(config, purpose, ANSWER_TIMEOUT, largestBody);
  }

  private Wire(AmqpConfig config, String purpose, Duration answerTimeout, long largestBody) {
    this.config = config;
    this.purpose = purpose;
    this.answerTimeout = answerTimeout;
    this.bodies = new LargeBodies(Math.min(largestBody, MAX_INBOUND_BYTES - 1));
  }

  /**
   * Connects and logs in.
   *
   * @throws TlsException when the files of the TLS client are not usable
   */
  Connection open() throws IOException, TimeoutException, TlsException {
    String name = "mbb " + config.consumerTag() + " " + purpose;
    Connection opened = factory().newConnection(new CallerRunsExecutor(), name);
    connection = opened;
    if (killed) {
      kill();
      throw new SocketException("closed while it was opened");
    }
    return opened;
  }

  /** Lets what is written wait for {@link #uncork}, as far as the client's buffer holds it. */
  void cork() {
    CorkedFrames open = frames;
    if (open != null) {
      open.cork();
    }
  }

  /** Sends what has waited. */
  void uncork() throws IOException {
    CorkedFrames open = frames;
    if (open != null) {
      open.uncork();
    }
  }

  /**
   * The size of the body that was just read on that channel, if it did not fit; for the thread that
   * reads, while it dispatches the delivery.
   */
  OptionalLong cutBody(int channel) {
    return bodies.cut(channel);
  }

  /** A new channel of an open connection. */
  static Channel channel(Connection connection) throws IOException {
    Channel channel = connection.createChannel();
    if (channel == null) {
      throw new IOException("the connection has no channel left");
    }
    return channel;
  }

  /**
   * Closes as AMQP asks (connection.close), waiting for the broker's answer, and cuts the
   * connection when that takes too long: the client would wait without end for a writer that is
   * stuck, as one is when the broker is in alarm. Takes little more than the timeout.
   */
  void close(Duration timeout) {
    closing(timeout).join();
  }

  /** Does so in the background; whoever closes later waits for it. */
  void beginToClose(Duration timeout) {
    var _ = closing(timeout);
  }

  private CompletableFuture<Boolean> closing(Duration timeout) {
    lock.lock();
    try {
      CompletableFuture<Boolean> begun = closing;
      if (begun == null) {
        begun = CompletableFuture.supplyAsync(() -> closeOrCut(timeout), CLOSERS);
        closing = begun;
      }
      return begun;
    } finally {
      lock.unlock();
    }
  }

  /** Says whether the broker has answered. */
  private boolean closeOrCut(Duration timeout) {
    Connection opened = connection;
    if (opened != null) {
      int millis = Math.toIntExact(timeout.toMillis());
      CountDownLatch closed = new CountDownLatch(1);
      CLOSERS.execute(
          () -> {
            opened.abort(millis);
            closed.countDown();
          });
      try {
        if (closed.await(millis, TimeUnit.MILLISECONDS)) {
          return true;
        }
        log.debug("The broker did not answer in time; the connection is cut");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    kill();
    return false;
  }

  private void kill() {
    killed = true;
    Socket open = socket;
    if (open == null) {
      return;
    }
    try {
      open.setSoLinger(true, 0);
    } catch (IOException e) {
      log.debug("The socket is closed already", e);
    }
    try {
      open.close();
    } catch (IOException e) {
      log.debug("The socket was not closed cleanly", e);
    }
  }

  private ConnectionFactory factory() throws TlsException {
    ConnectionFactory factory = new Factory();
    factory.setHost(config.host());
    factory.setPort(config.port());
    factory.setVirtualHost(config.vhost());
    factory.setUsername(config.userId());
    factory.setPassword(config.password().reveal());
    factory.setRequestedHeartbeat(Math.toIntExact(config.heartbeat().toSeconds()));
    factory.setConnectionTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
    factory.setHandshakeTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
    factory.setChannelRpcTimeout(Math.toIntExact(answerTimeout.toMillis()));
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setMaxInboundMessageBodySize(MAX_INBOUND_BYTES);
    factory.setShutdownExecutor(CLOSERS);
    factory.setThreadFactory(Thread.ofPlatform().daemon().name("amqp-" + purpose).factory());
    factory.setExceptionHandler(new QuietExceptionHandler());
    factory.setSocketConfigurator(this::configure);
    if (config.tls()) {
      factory.setSocketFactory(
          TlsContexts.socketFactory(config.tlsFiles(), AmqpKeys.TLS_FILES, config.host()));
    }
    return factory;
  }

  private void configure(Socket unconnected) throws IOException {
    SocketConfigurators.defaultConfigurator().configure(unconnected);
    socket = unconnected;
    if (killed) {
      throw new SocketException("closed while it was opened");
    }
  }

  /** Makes connections whose frames can be corked. */
  private final class Factory extends ConnectionFactory {
    @Override
    protected synchronized FrameHandlerFactory createFrameHandlerFactory() throws IOException {
      FrameHandlerFactory plain = super.createFrameHandlerFactory();
      return (address, name) -> {
        CorkedFrames made = new CorkedFrames(plain.create(address, name), bodies);
        frames = made;
        return made;
      };
    }
  }

  /** Losses are reported by the bus, in its own words; the client's are for debugging. */
  private static final class QuietExceptionHandler extends ForgivingExceptionHandler {
    @Override
    protected void log(String message, Throwable e) {
      log.debug(message, e);
    }
  }
}
