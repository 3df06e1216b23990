package org.messagebusbridge.config;

import static org.messagebusbridge.config.Section.AWS_MQ;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The keys of section {@code aws_mq}. */
final class BrokerKeys {
  static final Key<String> BROKER_ID =
      Key.required(
          AWS_MQ,
          "mq_broker_id",
          BrokerTypes.brokerId(),
          "required unless mq_host is set",
          "b-00000000-0000-0000-0000-000000000000",
          "The id of the Amazon MQ broker; its host is"
              + " {mq_broker_id}.mq.{mq_region}.amazonaws.com");
  static final Key<String> REGION =
      Key.required(
          AWS_MQ,
          "mq_region",
          AwsTypes.region(),
          "required unless mq_host is set",
          "us-east-1",
          "The AWS region of the broker");
  static final Key<String> HOST =
      Key.optional(
          AWS_MQ,
          "mq_host",
          HostNames.host("mq_port"),
          "made of mq_broker_id and mq_region",
          "rabbitmq.example.com",
          "The broker's host, for one that is not on Amazon MQ; goes before mq_broker_id");
  static final Key<Integer> PORT =
      Key.optional(
          AWS_MQ,
          "mq_port",
          Types.port(),
          "5671, or 5672 when mq_tls is false",
          "5671",
          "The broker's port for AMQP");
  static final Key<Boolean> TLS =
      Key.standard(
          AWS_MQ,
          "mq_tls",
          Types.bool(),
          "true",
          "Whether to speak TLS to the broker; Amazon MQ speaks nothing else");
  static final Key<String> VHOST =
      Key.standard(
          AWS_MQ,
          "mq_vhost",
          Types.text("a name of 1 to 255 bytes", BrokerTypes.SHORT_STRING),
          "/",
          "The broker's virtual host");
  static final Key<String> USER_ID =
      Key.required(
          AWS_MQ,
          "mq_user_id",
          Types.text("the broker's user name"),
          "required unless mq_secret_arn is set",
          "bridge",
          "The broker's user");
  static final Key<Secret> PASSWORD =
      Key.required(
              AWS_MQ,
              "mq_password",
              Types.secret("the password of mq_user_id"),
              "required unless mq_secret_arn is set",
              "change-me",
              "The password of mq_user_id")
          .asSecret();
  static final Key<String> SECRET_ARN =
      Key.optional(
          AWS_MQ,
          "mq_secret_arn",
          AwsTypes.secretArn(),
          "none",
          "arn:aws:secretsmanager:us-east-1:123456789012:secret:mq-AbCdEf",
          "A secret in Secrets Manager to read user and password from");
  static final Key<String> QUEUE_TO_WS =
      Key.required(
          AWS_MQ,
          "mq_qname_to_ws",
          BrokerTypes.queue(),
          "required",
          "to_ws",
          "The queue whose messages go to the API; made when it is missing");
  static final Key<String> QUEUE_FROM_WS =
      Key.required(
          AWS_MQ,
          "mq_qname_from_ws",
          BrokerTypes.queue(),
          "required",
          "from_ws",
          "The queue that messages from the API go to; made when it is missing");
  static final Key<Duration> TTL_FROM_WS =
      Key.standard(
          AWS_MQ,
          "mq_ttl_from_ws",
          // RabbitMQ's largest expiration: an unsigned number of 32 bits.
          Types.milliseconds(0, 4_294_967_295L),
          "300000",
          "How long a message from the API may wait in mq_qname_from_ws, in milliseconds");
  static final Key<String> CONSUMER_TAG =
      Key.standard(
              AWS_MQ,
              "mq_consumer_tag",
              BrokerTypes.consumerTag(),
              "mqhandler",
              "The name that the broker shows for the bridge as a consumer; must not be blank")
          .checkedWhenBlank();
  static final Key<Path> CA_FILE =
      Key.optional(
          AWS_MQ,
          "mq_ca_file",
          Types.file("a PEM file"),
          "the JDK's trust store",
          "/etc/mbb/mq-ca.pem",
          "The certificates to trust instead of the JDK's own");
  static final Key<Path> CLIENT_CERT_FILE =
      Key.optional(
          AWS_MQ,
          "mq_client_cert_file",
          Types.file("a PEM file"),
          "none",
          "/etc/mbb/mq-client.pem",
          "The client certificate to show, its own first, then its issuers");
  static final Key<Path> CLIENT_KEY_FILE =
      Key.optional(
          AWS_MQ,
          "mq_client_key_file",
          Types.file("a PEM file"),
          "none",
          "/etc/mbb/mq-client-key.pem",
          "The private key of mq_client_cert_file (PKCS #8, not encrypted)");
  static final Key<Integer> PREFETCH =
      Key.standard(
          AWS_MQ,
          "mq_prefetch",
          Types.whole("messages", 1, 65_535),
          "500",
          "The most messages that may be on their way to the API at a time");
  static final Key<Boolean> PERSISTENT =
      Key.standard(
          AWS_MQ,
          "mq_persistent",
          Types.bool(),
          "true",
          "Whether messages from the API survive a restart of the broker");
  static final Key<AmqpConfig.QueueType> QUEUE_TYPE =
      Key.optional(
          AWS_MQ,
          "mq_queue_type",
          Types.oneOf(AmqpConfig.QueueType.class),
          "the broker's default",
          "quorum",
          "The type of the queues that the bridge makes; one that is there is used as it is");
  static final Key<Integer> MAX_DELIVERIES =
      Key.standard(
          AWS_MQ,
          "mq_max_deliveries",
          Types.whole("deliveries", 1, 1_000),
          "5",
          "How often a message that the API refuses is tried before it is dead-lettered");
  static final Key<OptionalInt> MAX_REDELIVERIES =
      Key.standard(
          AWS_MQ,
          "mq_max_redeliveries",
          Types.wholeOr("none", "deliveries", 1, 1_000_000),
          "15",
          "How often RabbitMQ 4 may count a message of a quorum queue as delivered in vain"
              + " (x-delivery-count) before it is dead-lettered; RabbitMQ itself drops it after 20"
              + " unless told otherwise. none: for a queue whose limit a policy lifts");
  static final Key<Optional<String>> QUEUE_DEAD_LETTER =
      Key.optional(
          AWS_MQ,
          "mq_qname_dead_letter",
          BrokerTypes.queueOrNone(),
          "{mq_qname_to_ws}.dead",
          "to_ws.dead",
          "The queue for messages that the API refuses; none: they are rejected, for queues with a"
              + " dead-letter policy of their own");
  static final Key<Integer> MAX_CONNECT_ATTEMPTS =
      Key.standard(
          AWS_MQ,
          "mq_max_connect_attempts",
          Types.whole("attempts", 1, 1_000_000),
          "5",
          "Attempts to connect at start before the bridge gives up with exit code 1; once"
              + " connected, it tries again without end");
  static final Key<Duration> HEARTBEAT =
      Key.standard(
          AWS_MQ,
          "mq_heartbeat_secs",
          Types.seconds(1, 3600),
          "20",
          "Time between AMQP heartbeats, in seconds; ha_mode=standby uses 5 at most");

  static final List<Key<?>> ALL =
      List.of(
          BROKER_ID,
          REGION,
          HOST,
          PORT,
          TLS,
          VHOST,
          USER_ID,
          PASSWORD,
          SECRET_ARN,
          QUEUE_TO_WS,
          QUEUE_FROM_WS,
          TTL_FROM_WS,
          CONSUMER_TAG,
          CA_FILE,
          CLIENT_CERT_FILE,
          CLIENT_KEY_FILE,
          PREFETCH,
          PERSISTENT,
          QUEUE_TYPE,
          MAX_DELIVERIES,
          MAX_REDELIVERIES,
          QUEUE_DEAD_LETTER,
          MAX_CONNECT_ATTEMPTS,
          HEARTBEAT);

  private BrokerKeys() {}
}
