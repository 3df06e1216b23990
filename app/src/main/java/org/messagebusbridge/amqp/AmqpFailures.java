package org.messagebusbridge.amqp;

import static com.rabbitmq.client.AMQP.ACCESS_REFUSED;
import static com.rabbitmq.client.AMQP.CONNECTION_FORCED;
import static com.rabbitmq.client.AMQP.NOT_ALLOWED;
import static com.rabbitmq.client.AMQP.NOT_FOUND;
import static com.rabbitmq.client.AMQP.PRECONDITION_FAILED;
import static com.rabbitmq.client.AMQP.RESOURCE_LOCKED;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ChannelContinuationTimeoutException;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.MissedHeartbeatException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ProtocolVersionMismatchException;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.tls.Causes;
import org.messagebusbridge.tls.TlsFailures;

/**
 * Tells the client's exceptions and the broker's reply codes in a sentence for an operator.
 *
 * <p>The broker's words are read only where it says in no other way what it means: see the comments
 * there. Words that are not known lead to a sentence that quotes them.
 */
public final class AmqpFailures {
  /**
   * RabbitMQ's words. AMQP 0-9-1 has no field for {@code max_message_size}, and a client cannot ask
   * for it.
   */
  private static final Pattern TOO_LARGE =
      Pattern.compile("message size (\\d+) is larger than (?:configured )?max size (\\d+)");

  private final AmqpConfig config;

  /** What was wanted of a queue, with RabbitMQ's name for the permission that it takes. */
  public enum Wish {
    /** To see whether it is there. */
    LOOK("look at", "configure"),
    CREATE("create", "configure"),
    CONSUME("consume", "read"),
    /** To create it as a lock. */
    LOCK("create", "configure");

    private final String verb;
    private final String permission;

    Wish(String verb, String permission) {
      this.verb = verb;
      this.permission = permission;
    }
  }

  /**
   * @param config of the connections that fail; its values stand in the sentences, no secret does
   */
  public AmqpFailures(AmqpConfig config) {
    this.config = config;
  }

  /** Why there is no connection. */
  public BusException connecting(Throwable failure) {
    Optional<String> tls = TlsFailures.explain(failure, config.hostAndPort(), AmqpKeys.TLS_FILES);
    if (tls.isPresent()) {
      boolean cut =
          Causes.of(failure).has(EOFException.class)
              || Causes.of(failure).has(SocketException.class);
      return new BusException(cut ? Kind.UNAVAILABLE : Kind.MISCONFIGURED, tls.get(), failure);
    }
    if (Causes.of(failure).has(AuthenticationFailureException.class)
        || Causes.of(failure).has(PossibleAuthenticationFailureException.class)) {
      return new BusException(
          Kind.UNAUTHORIZED,
          broker() + " refused the user " + config.userId() + "; check " + login(),
          failure);
    }
    Optional<Reply> reply = Reply.of(failure);
    if (reply.isPresent()) {
      return login(reply.get(), failure);
    }
    return network(failure);
  }

  private String login() {
    return config
        .secretArn()
        .map(arn -> "username and password in the secret " + arn + " (mq_secret_arn).")
        .orElse("mq_user_id and mq_password.");
  }

  /**
   * RabbitMQ closes with 530 (not-allowed) whether the virtual host is unknown, is closed to the
   * user, or has as many connections as it may have: its words alone tell them apart.
   */
  private BusException login(Reply reply, Throwable failure) {
    String words = reply.text().toLowerCase(Locale.ROOT);
    boolean aboutVhost = words.contains("vhost") || words.contains("virtual host");
    if (words.contains("limit")) {
      return unavailable(
          broker()
              + " takes no more connections ("
              + reply.words()
              + "); close others or raise its limit.",
          failure);
    }
    if (aboutVhost && (words.contains("not found") || words.contains("unknown"))) {
      return misconfigured(
          broker() + " has no virtual host " + config.vhost() + "; check mq_vhost.", failure);
    }
    if (reply.code() == NOT_ALLOWED || reply.code() == ACCESS_REFUSED) {
      return misconfigured(
          broker()
              + " refused the user "
              + config.userId()
              + " the virtual host "
              + config.vhost()
              + "; check mq_vhost, or grant the user permissions there.",
          failure);
    }
    return lost(failure);
  }

  private BusException network(Throwable failure) {
    if (Causes.of(failure).has(UnknownHostException.class)) {
      return unavailable(
          "The broker's host name "
              + config.host()
              + " is not known; check mq_host (or mq_broker_id and mq_region) and the DNS.",
          failure);
    }
    if (Causes.of(failure)
        .first(ConnectException.class)
        .filter(AmqpFailures::refused)
        .isPresent()) {
      return unavailable(
          "Nothing listens at "
              + config.address()
              + " (connection refused); check mq_host and mq_port, and that the broker runs.",
          failure);
    }
    if (Causes.of(failure).has(SocketTimeoutException.class)
        || Causes.of(failure).has(TimeoutException.class)) {
      return unavailable(
          broker()
              + " did not answer within "
              + Wire.CONNECT_TIMEOUT.toSeconds()
              + " s; check mq_host, mq_port and the firewalls between.",
          failure);
    }
    if (Causes.of(failure).has(ProtocolVersionMismatchException.class)) {
      return misconfigured(broker() + " does not speak AMQP 0-9-1; check mq_port.", failure);
    }
    if (Causes.of(failure).has(MalformedFrameException.class)
        || Causes.of(failure).has(EOFException.class)) {
      return unavailable(
          broker()
              + " did not answer in AMQP"
              + (config.tls()
                  ? "; check mq_port."
                  : "; check mq_port, and set mq_tls=true if it is a port for TLS (5671 as a"
                      + " rule)."),
          failure);
    }
    return unavailable(
        broker()
            + " cannot be reached ("
            + innermost(failure)
            + "); check mq_host, mq_port and the network.",
        failure);
  }

  private static boolean refused(ConnectException e) {
    return String.valueOf(e.getMessage()).contains("refused");
  }

  /** Why what was wanted of a queue was not to be had. */
  public BusException queue(Wish wish, String queue, Throwable failure) {
    Optional<Reply> reply = Reply.of(failure);
    if (reply.isEmpty()) {
      return lost(failure);
    }
    String words = reply.get().words();
    return switch (reply.get().code()) {
      case NOT_ALLOWED, RESOURCE_LOCKED ->
          misconfigured(
              "Queue "
                  + queue
                  + " at "
                  + config.address()
                  + " is exclusive to another connection; delete it, or use another queue.",
              failure);
      case ACCESS_REFUSED ->
          // The code of a missing permission as well: the words alone tell them apart.
          words.contains("exclusive")
              ? misconfigured(
                  "Queue "
                      + queue
                      + " at "
                      + config.address()
                      + " has an exclusive consumer; stop that, or use another queue.",
                  failure)
              : misconfigured(
                  "The user "
                      + config.userId()
                      + " may not "
                      + wish.verb
                      + " queue "
                      + queue
                      + " at "
                      + config.address()
                      + "; grant it the "
                      + wish.permission
                      + " permission"
                      + (wish == Wish.LOCK ? ", for ha_mode=standby takes turns by it." : "."),
                  failure);
      case NOT_FOUND ->
          unavailable(
              "Queue " + queue + " at " + config.address() + " is not to be had (" + words + ").",
              failure);
      default ->
          misconfigured(
              broker()
                  + " did not let the user "
                  + config.userId()
                  + " "
                  + wish.verb
                  + " queue "
                  + queue
                  + " ("
                  + words
                  + ").",
              failure);
    };
  }

  /** Why a queue cannot be consumed as one. */
  BusException stream(String queue) {
    return misconfigured(
        "Queue "
            + queue
            + " at "
            + config.address()
            + " is a stream, which keeps its messages and gives a consumer none that came before;"
            + " name a classic or quorum queue in mq_qname_to_ws.",
        null);
  }

  /** Why a connection is of no use: each of them needs some channels. */
  BusException fewChannels(int allowed, int needed) {
    return misconfigured(
        broker()
            + " allows "
            + allowed
            + (allowed == 1 ? " channel" : " channels")
            + " a connection (channel_max), and the bridge needs "
            + needed
            + "; raise it.",
        null);
  }

  /** Why a connection that stood, or a channel of it, is gone. */
  public BusException lost(Throwable failure) {
    Optional<Reply> reply = Reply.of(failure);
    if (reply.isPresent()) {
      return closed(reply.get(), failure);
    }
    if (Causes.of(failure).has(MissedHeartbeatException.class)) {
      return unavailable(
          broker()
              + " has not been heard of for two heartbeats of "
              + config.heartbeat().toSeconds()
              + " s; the connection is given up.",
          failure);
    }
    String why =
        Causes.of(failure).has(EOFException.class) || innermost(failure).isEmpty()
            ? ""
            : " (" + innermost(failure) + ")";
    return unavailable(
        "The connection to the broker at " + config.address() + " was cut" + why + ".", failure);
  }

  private BusException closed(Reply reply, Throwable failure) {
    String words = reply.words();
    if (tooLarge(failure).isPresent()) {
      Matcher sizes = TOO_LARGE.matcher(words);
      String how = sizes.find() ? sizes.group(1) + " bytes, it takes " + sizes.group(2) : words;
      return new BusException(
          Kind.MESSAGE_REFUSED,
          broker()
              + " refused a message as too large ("
              + how
              + " at most); send smaller ones, or raise its max_message_size.",
          failure);
    }
    return switch (reply.code()) {
      case CONNECTION_FORCED ->
          unavailable(
              broker()
                  + " closed the connection: it is stopping, or an operator did so ("
                  + words
                  + ").",
              failure);
      case ACCESS_REFUSED ->
          misconfigured(
              broker()
                  + " refused the user "
                  + config.userId()
                  + " a permission ("
                  + words
                  + "); grant it configure, write (also on the exchange amq.default) and read.",
              failure);
      case PRECONDITION_FAILED ->
          reply.answersNothing() // consumer_timeout: no other 406 comes unasked
              ? unavailable(
                  broker()
                      + " took back messages that were unacknowledged for too long ("
                      + words
                      + "); raise its consumer_timeout if the WebSocket API is that slow.",
                  failure)
              : unavailable(broker() + " closed the channel (" + words + ").", failure);
      default -> unavailable(broker() + " closed the connection (" + words + ").", failure);
    };
  }

  /** Why there can be no lock: the name is another queue's. */
  BusException noLock(String queue) {
    return misconfigured(
        "Queue "
            + queue
            + " at "
            + config.address()
            + " is an ordinary queue, but ha_mode=standby needs the name for its lock; delete the"
            + " queue.",
        null);
  }

  /** Why it may be another bridge's turn. */
  BusException turnLost(String queue, Duration lease, Throwable failure) {
    if (Causes.of(failure).has(ChannelContinuationTimeoutException.class)) {
      return unavailable(
          broker()
              + " has not answered for "
              + BigDecimal.valueOf(lease.toMillis(), 3).stripTrailingZeros().toPlainString()
              + " s, so another bridge may take over; the connection is given up.",
          failure);
    }
    if (Reply.of(failure).filter(reply -> reply.code() == NOT_FOUND).isPresent()) {
      return unavailable(
          broker()
              + " has no queue "
              + queue
              + " any more, so another bridge may take over: someone deleted it, or the broker's"
              + " nodes lost sight of each other.",
          failure);
    }
    return lost(failure);
  }

  /** Why the consumer is gone while the connection stands. */
  BusException cancelled() {
    return unavailable(
        broker()
            + " cancelled the consumer of queue "
            + config.queueToWs()
            + ": the queue was deleted, or its node is down.",
        null);
  }

  /** A message came back that no queue took. */
  BusException returned() {
    return unavailable(
        broker()
            + " has no queue "
            + config.queueFromWs()
            + " any more: it was deleted while the bridge published to it.",
        null);
  }

  /** Why nothing can be done on a connection that was closed here. */
  BusException closedHere() {
    return unavailable("The connection to the broker at " + config.address() + " is closed.", null);
  }

  /** The code with which the broker closed the connection or channel, if it was the broker. */
  public static OptionalInt replyCode(Throwable failure) {
    return Reply.of(failure).map(reply -> OptionalInt.of(reply.code())).orElse(OptionalInt.empty());
  }

  /** The largest message that the broker takes, if it was that which it closed the channel over. */
  static OptionalLong tooLarge(Throwable failure) {
    return Reply.of(failure)
        .filter(r -> r.code() == PRECONDITION_FAILED)
        .map(r -> TOO_LARGE.matcher(r.text()))
        .filter(Matcher::find)
        .map(m -> OptionalLong.of(Long.parseLong(m.group(2))))
        .orElse(OptionalLong.empty());
  }

  private String broker() {
    return "The broker at " + config.address();
  }

  private static BusException unavailable(String sentence, @Nullable Throwable cause) {
    return new BusException(Kind.UNAVAILABLE, sentence, cause);
  }

  private static BusException misconfigured(String sentence, @Nullable Throwable cause) {
    return new BusException(Kind.MISCONFIGURED, sentence, cause);
  }

  /** What the deepest network failure says; empty when it says nothing. */
  private static String innermost(Throwable failure) {
    String words = "";
    for (Throwable t : Causes.of(failure).chain()) {
      if (t instanceof IOException && t.getMessage() != null && !t.getMessage().isBlank()) {
        words = t.getMessage().strip().replaceAll("\\s+", " ").replaceFirst("\\.$", "");
      }
    }
    return words;
  }
}
