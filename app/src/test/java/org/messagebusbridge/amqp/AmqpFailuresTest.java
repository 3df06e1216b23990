package org.messagebusbridge.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.amqp.AmqpFailures.Wish;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;

class AmqpFailuresTest {
  private final AmqpFailures failures =
      new AmqpFailures(
          TestConfig.of("mq.example.com", 5671, "queue").withUser("trader", "s3cret").build());

  @Test
  void tellsWhyThereIsNoConnection() {
    assertTold(
        failures.connecting(new SocketTimeoutException("Connect timed out")),
        Kind.UNAVAILABLE,
        "The broker at amqp://mq.example.com:5671 did not answer within 10 s; check mq_host,"
            + " mq_port and the firewalls between.");
    assertTold(
        failures.connecting(new TimeoutException()),
        Kind.UNAVAILABLE,
        "The broker at amqp://mq.example.com:5671 did not answer within 10 s; check mq_host,"
            + " mq_port and the firewalls between.");
    assertTold(
        failures.connecting(new NoRouteToHostException("No route to host")),
        Kind.UNAVAILABLE,
        "The broker at amqp://mq.example.com:5671 cannot be reached (No route to host); check"
            + " mq_host, mq_port and the network.");
    assertTold(
        failures.connecting(new ConnectException("Network is unreachable")),
        Kind.UNAVAILABLE,
        "The broker at amqp://mq.example.com:5671 cannot be reached (Network is unreachable);"
            + " check mq_host, mq_port and the network.");
    assertTold(
        failures.connecting(new AuthenticationFailureException("ACCESS_REFUSED - Login refused")),
        Kind.UNAUTHORIZED,
        "The broker at amqp://mq.example.com:5671 refused the user trader; check mq_user_id and"
            + " mq_password.");
  }

  @Test
  void tellsWhatTheBrokerSaidAtLogin() {
    assertTold(
        failures.connecting(
            connectionClosed(
                530,
                "NOT_ALLOWED - access to vhost '/' refused for user 'trader': vhost connection"
                    + " limit (100) is reached")),
        Kind.UNAVAILABLE,
        "The broker at amqp://mq.example.com:5671 takes no more connections (access to vhost '/'"
            + " refused for user 'trader': vhost connection limit (100) is reached); close others"
            + " or raise its limit.");
    assertTold(
        failures.connecting(
            connectionClosed(530, "NOT_ALLOWED - access to vhost '/' refused for user 'trader'")),
        Kind.MISCONFIGURED,
        "The broker at amqp://mq.example.com:5671 refused the user trader the virtual host /;"
            + " check mq_vhost, or grant the user permissions there.");
    assertTold(
        failures.connecting(connectionClosed(541, "INTERNAL_ERROR")),
        Kind.UNAVAILABLE,
        "The broker at amqp://mq.example.com:5671 closed the connection (INTERNAL_ERROR).");
  }

  @Test
  void tellsWhyAConnectionThatStoodIsGone() {
    assertTold(
        failures.lost(
            connectionClosed(
                320,
                "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'")),
        Kind.UNAVAILABLE,
        "The broker at amqp://mq.example.com:5671 closed the connection: it is stopping, or an"
            + " operator did so (broker forced connection closure with reason 'shutdown').");
    assertTold(
        failures.lost(
            channelClosed(
                406,
                "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout"
                    + " value used: 1800000 ms. This timeout value can be configured")),
        Kind.UNAVAILABLE,
        "The broker at amqp://mq.example.com:5671 took back messages that were unacknowledged for"
            + " too long (delivery acknowledgement on channel 1 timed out. Timeout value used:"
            + " 1800000 ms. This timeout value can be configured); raise its consumer_timeout if"
            + " the WebSocket API is that slow.");
    assertTold(
        failures.lost(cut(new EOFException())),
        Kind.UNAVAILABLE,
        "The connection to the broker at amqp://mq.example.com:5671 was cut.");
    assertTold(
        failures.lost(cut(new SocketException("Connection reset"))),
        Kind.UNAVAILABLE,
        "The connection to the broker at amqp://mq.example.com:5671 was cut (Connection reset).");
  }

  @Test
  void readsFromTheRefusalHowLargeAMessageMayBe() {
    for (String words :
        new String[] {
          "PRECONDITION_FAILED - message size 17825792 is larger than configured max size 16777216",
          "PRECONDITION_FAILED - message size 17825792 is larger than max size 16777216"
        }) {
      ShutdownSignalException refusal = channelClosed(406, words);

      assertThat(AmqpFailures.tooLarge(refusal)).hasValue(16_777_216);
      assertTold(
          failures.lost(refusal),
          Kind.MESSAGE_REFUSED,
          "The broker at amqp://mq.example.com:5671 refused a message as too large (17825792"
              + " bytes, it takes 16777216 at most); send smaller ones, or raise its"
              + " max_message_size.");
    }
    assertThat(AmqpFailures.tooLarge(channelClosed(406, "PRECONDITION_FAILED - other"))).isEmpty();
    assertThat(AmqpFailures.tooLarge(new EOFException())).isEmpty();
  }

  @Test
  void tellsWhyAQueueIsNotToBeHad() {
    assertTold(
        failures.queue(
            Wish.CONSUME,
            "q",
            new IOException(
                channelClosed(403, "ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use"))),
        Kind.MISCONFIGURED,
        "Queue q at amqp://mq.example.com:5671 has an exclusive consumer; stop that, or use another"
            + " queue.");
    assertTold(
        failures.queue(
            Wish.CREATE,
            "q",
            channelClosed(404, "NOT_FOUND - home node 'rabbit@a' of durable queue 'q' is down")),
        Kind.UNAVAILABLE,
        "Queue q at amqp://mq.example.com:5671 is not to be had (home node 'rabbit@a' of durable"
            + " queue 'q' is down).");
    assertTold(
        failures.queue(
            Wish.CREATE, "q", channelClosed(406, "PRECONDITION_FAILED - invalid arg 'x'")),
        Kind.MISCONFIGURED,
        "The broker at amqp://mq.example.com:5671 did not let the user trader create queue q"
            + " (invalid arg 'x').");
  }

  private void assertTold(BusException told, Kind kind, String sentence) {
    assertThat(told.sentence()).isEqualTo(sentence);
    assertThat(told.kind()).isEqualTo(kind);
  }

  private ShutdownSignalException cut(Throwable cause) {
    ShutdownSignalException signal = new ShutdownSignalException(true, false, null, this);
    signal.initCause(cause);
    return signal;
  }

  private ShutdownSignalException connectionClosed(int code, String text) {
    return new ShutdownSignalException(
        true,
        false,
        new AMQP.Connection.Close.Builder().replyCode(code).replyText(text).build(),
        this);
  }

  private ShutdownSignalException channelClosed(int code, String text) {
    return new ShutdownSignalException(
        false,
        false,
        new AMQP.Channel.Close.Builder().replyCode(code).replyText(text).build(),
        this);
  }
}
