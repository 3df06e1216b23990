package org.messagebusbridge.infra;

import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.constructs.IConstruct;

/** The broker that the bridge works on: {@link RabbitBroker} or {@link GivenBroker}. */
interface Broker extends IConstruct {
  /** Its host, as {@code mq_host} wants it. */
  String host();

  /** Its port, as {@code mq_port} wants it. */
  String port();

  /** The bridge's login: JSON with username and password. */
  ISecret login();

  /** Lets that group's members speak AMQP to the broker. */
  void allowAmqpFrom(ISecurityGroup client);
}
