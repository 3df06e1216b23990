package org.messagebusbridge.amqp;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.messagebusbridge.config.AwsTypes;
import org.messagebusbridge.config.HostNames;
import org.messagebusbridge.config.Key;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.Section;
import org.messagebusbridge.config.TlsFileKeys;
import org.messagebusbridge.config.Types;

/** The keys of section {@code aws_mq}. */
public final class AmqpKeys {
  /** The section. */
  public static final Section SECTION =
      new Section("aws_mq", "the broker and its queues", AmqpChecks::check);

  public static final Key<String> BROKER_ID =
      SECTION.required(
          "mq_broker_id",
          AmqpTypes.brokerId(),
          "required unless mq_host is set",
          "b-00000000-0000-0000-0000-000000000000",
          "The id of the Amazon MQ broker; its host is"
              + " {mq_broker_id}.mq.{mq_region}.amazonaws.com");
  public static final Key<String> REGION =
      SECTION.required(
          "mq_region",
          AwsTypes.region(),
          "required unless mq_host is set",
          "us-east-1",
          "The AWS region of the broker");
  public static final Key<String> HOST =
      SECTION.optional(
          "mq_host",
          HostNames.host("mq_port"),
          "made of mq_broker_id and mq_region",
          "rabbitmq.example.com",
          "The broker's host, for one that is not on Amazon MQ; goes before mq_broker_id");
  public static final Key<Integer> PORT =
      SECTION.optional(
          "mq_port",
          Types.port(),
          "5671, or 5672 when mq_tls is false",
          "5671",
          "The broker's port for AMQP");
  public static final Key<Boolean> TLS =
      SECTION.standard(
          "mq_tls",
          Types.bool(),
          "true",
          "Whether to speak TLS to the broker; Amazon MQ speaks nothing else");
  public static final Key<String> VHOST =
      SECTION.standard(
          "mq_vhost",
          Types.text("a name of 1 to 255 bytes", AmqpTypes.SHORT_STRING),
          "/",
          "The broker's virtual host");
  public static final Key<String> USER_ID =
      SECTION
          .required(
              "mq_user_id",
              Types.text("the broker's user name"),
              "required unless mq_secret_arn is set",
              "bridge",
              "The broker's user")
          .renamedFrom("mq_userid");
  public static final Key<Secret> PASSWORD =
      SECTION
          .required(
              "mq_password",
              Types.secret("the password of mq_user_id"),
              "required unless mq_secret_arn is set",
              "change-me",
              "The password of mq_user_id")
          .asSecret();
  public static final Key<String> SECRET_ARN =
      SECTION.optional(
          "mq_secret_arn",
          AwsTypes.secretArn(),
          "none",
          "arn:aws:secretsmanager:us-east-1:123456789012:secret:mq-AbCdEf",
          "A secret in Secrets Manager to read user and password from");
  public static final Key<String> QUEUE_TO_WS =
      SECTION.required(
          "mq_qname_to_ws",
          AmqpTypes.queue(),
          "required",
          "to_ws",
          "The queue whose messages go to the API; made when it is missing");
  public static final Key<String> QUEUE_FROM_WS =
      SECTION.required(
          "mq_qname_from_ws",
          AmqpTypes.queue(),
          "required",
          "from_ws",
          "The queue that messages from the API go to; made when it is missing");
  public static final Key<Duration> TTL_FROM_WS =
      SECTION.standard(
          "mq_ttl_from_ws",
          // RabbitMQ's largest expiration: an unsigned number of 32 bits.
          Types.milliseconds(0, 4_294_967_295L),
          "300000",
          "How long a message from the API may wait in mq_qname_from_ws, in milliseconds");
  public static final Key<String> CONSUMER_TAG =
      SECTION
          .standard(
              "mq_consumer_tag",
              AmqpTypes.consumerTag(),
              "mqhandler",
              "The name that the broker shows for the bridge as a consumer; must not be blank")
          .checkedWhenBlank();

  /** Files for TLS. */
  public static final TlsFileKeys TLS_FILES =
      TlsFileKeys.declare(
          SECTION,
          "mq",
          "correct mq_port (TLS is 5671 as a rule), or set mq_tls=false if it is meant to be"
              + " plain");

  public static final Key<Integer> PREFETCH =
      SECTION.standard(
          "mq_prefetch",
          Types.whole("messages", 1, 65_535),
          "500",
          "The most messages that may be on their way to the API at a time");
  public static final Key<Boolean> PERSISTENT =
      SECTION.standard(
          "mq_persistent",
          Types.bool(),
          "true",
          "Whether messages from the API survive a restart of the broker");
  public static final Key<AmqpConfig.QueueType> QUEUE_TYPE =
      SECTION.optional(
          "mq_queue_type",
          Types.oneOf(AmqpConfig.QueueType.class),
          "the broker's default",
          "quorum",
          "The type of the queues that the bridge makes; one that is there is used as it is");
  public static final Key<Integer> MAX_DELIVERIES =
      SECTION.standard(
          "mq_max_deliveries",
          Types.whole("deliveries", 1, 1_000),
          "5",
          "How often a message that the API refuses is tried before it is dead-lettered");
  public static final Key<OptionalInt> MAX_REDELIVERIES =
      SECTION.standard(
          "mq_max_redeliveries",
          Types.wholeOr("none", "deliveries", 1, 1_000_000),
          "15",
          "How often RabbitMQ 4 may count a message of a quorum queue as delivered in vain"
              + " (x-delivery-count) before it is dead-lettered; RabbitMQ itself drops it after 20"
              + " unless told otherwise. none: for a queue whose limit a policy lifts");
  public static final Key<Optional<String>> QUEUE_DEAD_LETTER =
      SECTION.optional(
          "mq_qname_dead_letter",
          AmqpTypes.queueOrNone(),
          "{mq_qname_to_ws}.dead",
          "to_ws.dead",
          "The queue for messages that the API refuses; none: they are rejected, for queues with a"
              + " dead-letter policy of their own");
  public static final Key<Integer> MAX_CONNECT_ATTEMPTS =
      SECTION.standard(
          "mq_max_connect_attempts",
          Types.whole("attempts", 1, 1_000_000),
          "5",
          "Attempts to connect at start before the bridge gives up with exit code 1; once"
              + " connected, it tries again without end");
  public static final Key<Duration> HEARTBEAT =
      SECTION.standard(
          "mq_heartbeat_secs",
          Types.seconds(1, 3600),
          "20",
          "Time between AMQP heartbeats, in seconds; ha_mode=standby uses 5 at most");

  private AmqpKeys() {}
}
