package org.messagebusbridge.config;

import java.util.List;
import java.util.Optional;

/** Makes section {@code aws_mq}, and checks what concerns more than one of its keys. */
final class BrokerReader {
  private static final int TLS_PORT = 5671;
  private static final int PLAIN_PORT = 5672;

  private final Values values;

  BrokerReader(Values values) {
    this.values = values;
  }

  /** The section; empty when anything in the configuration is wrong. */
  Optional<AmqpConfig> read() {
    boolean tls = values.standard(BrokerKeys.TLS);
    Optional<String> host = host(tls);
    int port = port(tls);
    Optional<String> secretArn = values.optional(BrokerKeys.SECRET_ARN);
    Optional<String> userId = credential(BrokerKeys.USER_ID);
    Optional<Secret> password = credential(BrokerKeys.PASSWORD);
    Optional<String> toWs =
        values.required(BrokerKeys.QUEUE_TO_WS, "the bridge has to know what to consume");
    Optional<String> fromWs =
        values.required(BrokerKeys.QUEUE_FROM_WS, "the bridge has to know where to publish");
    Optional<String> deadLetter = deadLetter(toWs, fromWs);
    TlsFiles tlsFiles =
        TlsReader.read(
            values, BrokerKeys.CA_FILE, BrokerKeys.CLIENT_CERT_FILE, BrokerKeys.CLIENT_KEY_FILE);
    if (!tls) {
      warnOfPlaintext(host);
    }
    var vhost = values.standard(BrokerKeys.VHOST);
    var ttlFromWs = values.standard(BrokerKeys.TTL_FROM_WS);
    if (ttlFromWs.isZero()) {
      values.warn(
          BrokerKeys.TTL_FROM_WS,
          "with 0, a message from the API is dropped unless a consumer is waiting for it.");
    }
    var consumerTag = values.standard(BrokerKeys.CONSUMER_TAG);
    var prefetch = values.standard(BrokerKeys.PREFETCH);
    var persistent = values.standard(BrokerKeys.PERSISTENT);
    var queueType = values.optional(BrokerKeys.QUEUE_TYPE);
    var maxDeliveries = values.standard(BrokerKeys.MAX_DELIVERIES);
    var maxRedeliveries = values.standard(BrokerKeys.MAX_REDELIVERIES);
    var maxConnectAttempts = values.standard(BrokerKeys.MAX_CONNECT_ATTEMPTS);
    var heartbeat = values.standard(BrokerKeys.HEARTBEAT);
    if (values.failed()) {
      return Optional.empty();
    }
    return Optional.of(
        new AmqpConfig(
            host.orElseThrow(),
            port,
            tls,
            vhost,
            userId.orElse(""),
            password.orElse(new Secret("")),
            toWs.orElseThrow(),
            fromWs.orElseThrow(),
            ttlFromWs,
            consumerTag,
            tlsFiles,
            prefetch,
            persistent,
            queueType,
            maxDeliveries,
            maxRedeliveries,
            deadLetter,
            maxConnectAttempts,
            heartbeat,
            secretArn));
  }

  /** Checks what {@code ha_mode=standby} makes of the queue's name. */
  void checkLock(AmqpConfig config) {
    try {
      Types.atMost(BrokerTypes.SHORT_STRING, config.lockQueue());
    } catch (BadValueException e) {
      values.wrong(
          BrokerKeys.QUEUE_TO_WS,
          "the name is so long that the lock's of ha_mode=standby, with .active after it, is over"
              + " 255 bytes; name a shorter queue.");
    }
  }

  private Optional<String> host(boolean tls) {
    Optional<String> host = values.optional(BrokerKeys.HOST);
    if (values.isSet(BrokerKeys.HOST)) {
      values.optional(BrokerKeys.BROKER_ID);
      values.optional(BrokerKeys.REGION);
      return host;
    }
    Optional<String> brokerId =
        values.required(
            BrokerKeys.BROKER_ID, "the broker's host is made of it unless mq_host is set");
    Optional<String> region =
        values.required(BrokerKeys.REGION, "the broker's host is made of it unless mq_host is set");
    if (!tls) {
      values.wrong(
          BrokerKeys.TLS,
          "Amazon MQ speaks TLS only; remove mq_tls, or set mq_host for another broker.");
    }
    if (brokerId.isEmpty() || region.isEmpty()) {
      return Optional.empty();
    }
    String made = brokerId.get() + ".mq." + region.get() + ".amazonaws.com";
    values.derived(BrokerKeys.HOST, made, new Origin("mq_broker_id and mq_region"));
    return Optional.of(made);
  }

  private int port(boolean tls) {
    int usual = tls ? TLS_PORT : PLAIN_PORT;
    int unusual = tls ? PLAIN_PORT : TLS_PORT;
    values.derived(BrokerKeys.PORT, String.valueOf(usual), Origin.DEFAULT);
    int port = values.optional(BrokerKeys.PORT).orElse(usual);
    if (port == unusual) {
      values.warn(
          BrokerKeys.PORT,
          port
              + " is the port "
              + (tls ? "without" : "with")
              + " TLS as a rule, but mq_tls is "
              + tls
              + "; one of the two may be wrong.");
    }
    return port;
  }

  private <T> Optional<T> credential(Key<T> key) {
    return values.isSet(BrokerKeys.SECRET_ARN)
        ? values.optional(key)
        : values.required(key, "the broker asks for it unless mq_secret_arn is set");
  }

  private Optional<String> deadLetter(Optional<String> toWs, Optional<String> fromWs) {
    if (toWs.isPresent() && toWs.equals(fromWs)) {
      values.wrong(
          BrokerKeys.QUEUE_FROM_WS,
          "the queue is that of mq_qname_to_ws too, so every message would go round for ever; name"
              + " another.");
    }
    if (values.isSet(BrokerKeys.QUEUE_DEAD_LETTER)) {
      Optional<String> deadLetter =
          values.optional(BrokerKeys.QUEUE_DEAD_LETTER).orElse(Optional.empty());
      if (deadLetter.isPresent() && (deadLetter.equals(toWs) || deadLetter.equals(fromWs))) {
        values.wrong(
            BrokerKeys.QUEUE_DEAD_LETTER,
            "the queue is that of "
                + (deadLetter.equals(toWs) ? "mq_qname_to_ws" : "mq_qname_from_ws")
                + " too; name another, or none.");
      }
      return deadLetter;
    }
    Optional<String> standard = toWs.map(name -> name + ".dead");
    standard.ifPresent(name -> checkStandard(name, fromWs));
    return standard;
  }

  private void checkStandard(String deadLetter, Optional<String> fromWs) {
    values.derived(BrokerKeys.QUEUE_DEAD_LETTER, deadLetter, new Origin("mq_qname_to_ws"));
    try {
      Types.atMost(BrokerTypes.SHORT_STRING, deadLetter);
    } catch (BadValueException e) {
      values.wrong(
          BrokerKeys.QUEUE_TO_WS,
          "the name is so long that its dead-letter queue's, with .dead after it, is over 255"
              + " bytes; set mq_qname_dead_letter.");
    }
    if (fromWs.filter(deadLetter::equals).isPresent()) {
      values.wrong(
          BrokerKeys.QUEUE_FROM_WS,
          "the queue is the dead-letter queue of mq_qname_to_ws too; name another, or set"
              + " mq_qname_dead_letter.");
    }
  }

  private void warnOfPlaintext(Optional<String> host) {
    TlsReader.warnOfUnused(
        values,
        "mq_tls is false",
        List.of(BrokerKeys.CA_FILE, BrokerKeys.CLIENT_CERT_FILE, BrokerKeys.CLIENT_KEY_FILE));
    if (host.filter(name -> !HostNames.isLoopback(name)).isPresent()) {
      values.warn(
          BrokerKeys.TLS,
          "the password and all messages go over the network unencrypted; set mq_tls=true if the"
              + " broker has it.");
    }
  }
}
