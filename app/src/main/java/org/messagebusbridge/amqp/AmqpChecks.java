package org.messagebusbridge.amqp;

import java.util.Optional;
import org.messagebusbridge.config.BadValueException;
import org.messagebusbridge.config.BridgeKeys;
import org.messagebusbridge.config.HostNames;
import org.messagebusbridge.config.Key;
import org.messagebusbridge.config.Origin;
import org.messagebusbridge.config.Types;
import org.messagebusbridge.config.Values;

/** What concerns more than one key of section {@code aws_mq}. */
final class AmqpChecks {
  private static final int TLS_PORT = 5671;
  private static final int PLAIN_PORT = 5672;

  private final Values values;

  private AmqpChecks(Values values) {
    this.values = values;
  }

  static void check(Values values) {
    new AmqpChecks(values).check();
  }

  private void check() {
    boolean tls = values.standard(AmqpKeys.TLS);
    Optional<String> host = host(tls);
    checkPort(tls);
    values.optional(AmqpKeys.SECRET_ARN);
    checkCredential(AmqpKeys.USER_ID);
    checkCredential(AmqpKeys.PASSWORD);
    checkQueues();
    AmqpKeys.TLS_FILES.check(values);
    if (!tls) {
      warnOfPlaintext(host);
    }
    if (values.standard(AmqpKeys.TTL_FROM_WS).isZero()) {
      values.warn(
          AmqpKeys.TTL_FROM_WS,
          "with 0, a message from the API is dropped unless a consumer is waiting for it.");
    }
  }

  private Optional<String> host(boolean tls) {
    if (values.isSet(AmqpKeys.HOST)) {
      return values.optional(AmqpKeys.HOST);
    }
    Optional<String> brokerId =
        values.required(
            AmqpKeys.BROKER_ID, "the broker's host is made of it unless mq_host is set");
    Optional<String> region =
        values.required(AmqpKeys.REGION, "the broker's host is made of it unless mq_host is set");
    if (!tls) {
      values.wrong(
          AmqpKeys.TLS,
          "Amazon MQ speaks TLS only; remove mq_tls, or set mq_host for another broker.");
    }
    if (brokerId.isEmpty() || region.isEmpty()) {
      return Optional.empty();
    }
    String made = brokerId.get() + ".mq." + region.get() + ".amazonaws.com";
    values.derived(AmqpKeys.HOST, made, made, new Origin("mq_broker_id and mq_region"));
    return Optional.of(made);
  }

  private void checkPort(boolean tls) {
    int usual = tls ? TLS_PORT : PLAIN_PORT;
    int unusual = tls ? PLAIN_PORT : TLS_PORT;
    values.derived(AmqpKeys.PORT, usual, String.valueOf(usual), Origin.DEFAULT);
    if (values.optional(AmqpKeys.PORT).equals(Optional.of(unusual))) {
      values.warn(
          AmqpKeys.PORT,
          unusual
              + " is the port "
              + (tls ? "without" : "with")
              + " TLS as a rule, but mq_tls is "
              + tls
              + "; one of the two may be wrong.");
    }
  }

  private void checkCredential(Key<?> key) {
    if (!values.isSet(AmqpKeys.SECRET_ARN)) {
      values.required(key, "the broker asks for it unless mq_secret_arn is set");
    }
  }

  private void checkQueues() {
    Optional<String> toWs =
        values.required(AmqpKeys.QUEUE_TO_WS, "the bridge has to know what to consume");
    Optional<String> fromWs =
        values.required(AmqpKeys.QUEUE_FROM_WS, "the bridge has to know where to publish");
    if (toWs.isPresent() && toWs.equals(fromWs)) {
      values.wrong(
          AmqpKeys.QUEUE_FROM_WS,
          "the queue is that of mq_qname_to_ws too, so every message would go round for ever; name"
              + " another.");
    }
    if (values.isSet(AmqpKeys.QUEUE_DEAD_LETTER)) {
      values
          .optional(AmqpKeys.QUEUE_DEAD_LETTER)
          .ifPresent(queue -> checkDeadLetter(queue, toWs, fromWs));
    } else {
      toWs.ifPresent(name -> makeDeadLetter(name + ".dead", fromWs));
    }
    if (toWs.isPresent() && values.standard(BridgeKeys.HA_MODE) == BridgeKeys.HaMode.STANDBY) {
      checkLength(
          toWs.get() + AmqpConfig.LOCK_SUFFIX,
          "the lock's of ha_mode=standby, with .active after it, is over 255 bytes; name a shorter"
              + " queue.");
    }
  }

  private void checkDeadLetter(
      Optional<String> deadLetter, Optional<String> toWs, Optional<String> fromWs) {
    if (deadLetter.isPresent() && (deadLetter.equals(toWs) || deadLetter.equals(fromWs))) {
      values.wrong(
          AmqpKeys.QUEUE_DEAD_LETTER,
          "the queue is that of "
              + (deadLetter.equals(toWs) ? "mq_qname_to_ws" : "mq_qname_from_ws")
              + " too; name another, or none.");
    }
  }

  private void makeDeadLetter(String name, Optional<String> fromWs) {
    values.derived(
        AmqpKeys.QUEUE_DEAD_LETTER, Optional.of(name), name, new Origin("mq_qname_to_ws"));
    checkLength(
        name,
        "its dead-letter queue's, with .dead after it, is over 255 bytes; set"
            + " mq_qname_dead_letter.");
    if (fromWs.filter(name::equals).isPresent()) {
      values.wrong(
          AmqpKeys.QUEUE_FROM_WS,
          "the queue is the dead-letter queue of mq_qname_to_ws too; name another, or set"
              + " mq_qname_dead_letter.");
    }
  }

  /** Checks a name that is made of that of {@code mq_qname_to_ws}. */
  private void checkLength(String made, String sentence) {
    try {
      Types.atMost(AmqpTypes.SHORT_STRING, made);
    } catch (BadValueException e) {
      values.wrong(AmqpKeys.QUEUE_TO_WS, "the name is so long that " + sentence);
    }
  }

  private void warnOfPlaintext(Optional<String> host) {
    AmqpKeys.TLS_FILES.warnOfUnused(values, "mq_tls is false");
    if (host.filter(name -> !HostNames.isLoopback(name)).isPresent()) {
      values.warn(
          AmqpKeys.TLS,
          "the password and all messages go over the network unencrypted; set mq_tls=true if the"
              + " broker has it.");
    }
  }
}
