package org.messagebusbridge.tester;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.messagebusbridge.amqp.AmqpConfig;
import org.messagebusbridge.amqp.AmqpKeys;
import org.messagebusbridge.tls.TlsFailures;

/** Says in a sentence what a broker's refusal or absence means, and what to do. */
final class BrokerFailures {

  private BrokerFailures() {}

  static String connecting(AmqpConfig config, Exception failure) {
    String broker = config.address();
    Optional<String> tls =
        TlsFailures.explain(failure, config.host() + ":" + config.port(), AmqpKeys.TLS_FILES);
    if (tls.isPresent()) {
      return tls.get();
    }
    if (failure instanceof AuthenticationFailureException
        || failure instanceof PossibleAuthenticationFailureException) {
      return "The broker at %s refused the user '%s' or its password; check mq_user_id and mq_password."
          .formatted(broker, config.userId());
    }
    if (replyCode(failure) != 0) {
      return "The broker at %s refused the user '%s' or the virtual host '%s' (%s); check mq_user_id and mq_vhost."
          .formatted(broker, config.userId(), config.vhost(), replyText(failure));
    }
    return switch (failure) {
      case UnknownHostException e ->
          "The host %s is unknown; check mq_host, or mq_broker_id and mq_region."
              .formatted(config.host());
      case ConnectException e ->
          "Nothing answers at %s; check mq_host and mq_port, and that the broker runs."
              .formatted(broker);
      case NoRouteToHostException e ->
          "There is no way to %s from here; check mq_host and the network.".formatted(broker);
      case SocketTimeoutException e -> noAnswer(broker);
      case TimeoutException e -> noAnswer(broker);
      default ->
          "The connection to %s failed while it was made (%s); check that mq_port is an AMQP 0-9-1 port and that mq_tls is right."
              .formatted(broker, innermost(failure));
    };
  }

  private static String noAnswer(String broker) {
    return "%s did not answer within 10 s; check mq_host and mq_port, and any firewall between."
        .formatted(broker);
  }

  static String declaring(AmqpConfig config, String queue, Exception failure) {
    return switch (replyCode(failure)) {
      case AMQP.ACCESS_REFUSED ->
          "The broker at %s does not let the user '%s' use the queue '%s'; grant it configure, write and read."
              .formatted(config.address(), config.userId(), queue);
      case AMQP.RESOURCE_LOCKED ->
          "The queue '%s' at %s belongs to another connection alone (it is exclusive); use another name."
              .formatted(queue, config.address());
      default ->
          "The broker at %s refused the queue '%s' (%s)."
              .formatted(config.address(), queue, reason(failure));
    };
  }

  static String consuming(AmqpConfig config, String queue, Exception failure) {
    return "The broker at %s does not let the user '%s' consume the queue '%s' (%s); grant it read, or end whoever has the queue alone."
        .formatted(config.address(), config.userId(), queue, reason(failure));
  }

  /** A connection or channel was lost while the run was on. */
  static String lost(AmqpConfig config, Exception failure) {
    if (replyCode(failure) == AMQP.ACCESS_REFUSED) {
      return "The broker at %s does not let the user '%s' send (%s); grant it write."
          .formatted(config.address(), config.userId(), reason(failure));
    }
    return "The connection to %s was lost (%s); the messages still out are counted as lost."
        .formatted(config.address(), reason(failure));
  }

  /** The AMQP reply code of a refusal (AMQP 0-9-1, section 1.2), or 0 when there is none. */
  static int replyCode(Throwable failure) {
    return switch (method(failure)) {
      case AMQP.Channel.Close close -> close.getReplyCode();
      case AMQP.Connection.Close close -> close.getReplyCode();
      default -> 0;
    };
  }

  private static String replyText(Throwable failure) {
    return switch (method(failure)) {
      case AMQP.Channel.Close close -> close.getReplyText();
      case AMQP.Connection.Close close -> close.getReplyText();
      default -> "";
    };
  }

  private static Object method(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof ShutdownSignalException signal && signal.getReason() != null) {
        return signal.getReason();
      }
    }
    return "none";
  }

  private static String reason(Exception failure) {
    String text = replyText(failure);
    return text.isEmpty() ? innermost(failure) : text;
  }

  private static String innermost(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return message == null ? deepest.getClass().getSimpleName() : message.strip();
  }
}
