package org.messagebusbridge.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.Configurations;
import org.messagebusbridge.config.Requirements;
import org.messagebusbridge.config.Secret;

class AmqpConfigTest {
  private static AmqpConfig read(String ini) throws ConfigurationException {
    return new AmqpConfig(
        Configurations.load(ini, Map.of(), Requirements.tester()).configuration());
  }

  @Test
  void makesTheHostOfBrokerIdAndRegion() throws ConfigurationException {
    AmqpConfig config =
        read(
            Configurations.MINIMAL.replace(
                "mq_host=localhost", "mq_broker_id=b-1a2b\nmq_region=us-east-1"));

    assertThat(config.address()).isEqualTo("amqps://b-1a2b.mq.us-east-1.amazonaws.com:5671");
  }

  @Test
  void takesThePlainPortWithoutTls() throws ConfigurationException {
    assertThat(read(Configurations.with("aws_mq", "mq_tls=false")).address())
        .isEqualTo("amqp://localhost:5672");
  }

  @Test
  void takesAnIpv6AddressWithOrWithoutBrackets() throws ConfigurationException {
    assertThat(read(Configurations.with("aws_mq", "mq_host=[::1]")).host()).isEqualTo("::1");
    assertThat(read(Configurations.with("aws_mq", "mq_host=::1")).host()).isEqualTo("::1");
    for (String name : List.of("shop_rabbit_1", "rabbit.example.com.", "_mq", "web.1.x3fz")) {
      assertThat(read(Configurations.with("aws_mq", "mq_host=" + name)).host()).isEqualTo(name);
    }
  }

  @Test
  void namesTheDeadLetterQueueThatIsAskedFor() throws ConfigurationException {
    assertThat(read(Configurations.with("aws_mq", "mq_qname_dead_letter=dlq")).deadLetterQueue())
        .contains("dlq");
  }

  @Test
  void needsNoCredentialsHereWhenTheyAreInSecretsManager() throws ConfigurationException {
    AmqpConfig config =
        read(
            Configurations.MINIMAL
                .replace("mq_user_id=user\n", "")
                .replace(
                    "mq_password=Pa55!",
                    "mq_secret_arn=arn:aws:secretsmanager:us-east-1:123456789012:secret:x-AbCdEf"));

    assertThat(config.userId()).isEmpty();
    assertThat(config.password()).isEqualTo(new Secret(""));
  }

  @Test
  void holdsItsInvariants() {
    assertThat(Configurations.errors(Configurations.with("aws_mq", "mq_qname_from_ws=to_ws")))
        .singleElement()
        .asString()
        .contains("the queue is that of mq_qname_to_ws too");
    assertThat(Configurations.errors(Configurations.with("aws_mq", "mq_prefetch=0")))
        .singleElement()
        .asString()
        .contains("\"0\" is out of range; write a whole number of messages from 1 to 65535.");
  }
}
