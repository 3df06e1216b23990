package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.config.AmqpConfig.QueueType;

class AmqpConfigTest {
  private static AmqpConfig read(String ini) throws ConfigurationException {
    return Configurations.load(ini, Map.of(), Requirements.tester()).configuration().amqp();
  }

  private static AmqpConfig defaults(String toWs, String fromWs, int prefetch) {
    return new AmqpConfig(
        "localhost",
        5671,
        true,
        "/",
        "user",
        new Secret("Pa55!"),
        toWs,
        fromWs,
        Duration.ofMinutes(5),
        "mqhandler",
        TlsFiles.NONE,
        prefetch,
        true,
        Optional.empty(),
        5,
        OptionalInt.of(15),
        Optional.of("to_ws.dead"),
        5,
        Duration.ofSeconds(20),
        Optional.empty());
  }

  @Test
  void hasTheseDefaults() throws ConfigurationException {
    assertThat(read(Configurations.MINIMAL)).isEqualTo(defaults("to_ws", "from_ws", 500));
  }

  @Test
  void readsEveryKey(@TempDir Path directory) throws ConfigurationException, IOException {
    Path ca = Files.createFile(directory.resolve("ca.pem"));
    Path certificate = Files.createFile(directory.resolve("client.pem"));
    Path key = Files.createFile(directory.resolve("key.pem"));
    String ini =
        """
        [aws_mq]
        mq_broker_id=b-1
        mq_region=eu-west-1
        mq_host=mq.example.com
        mq_port=5673
        mq_tls=No
        mq_vhost=test
        mq_user_id=me
        mq_password=p#;%%%
        mq_secret_arn=arn:aws:secretsmanager:us-east-1:123456789012:secret:mq-AbCdEf
        mq_qname_to_ws=out
        mq_qname_from_ws=in
        mq_ttl_from_ws=4294967295
        mq_consumer_tag=tag
        mq_ca_file=CA
        mq_client_cert_file=CERT
        mq_client_key_file=KEY
        mq_prefetch=7
        mq_persistent=off
        mq_queue_type=Quorum
        mq_max_deliveries=8
        mq_max_redeliveries=none
        mq_qname_dead_letter=None
        mq_max_connect_attempts=9
        mq_heartbeat_secs=10
        """
            .replace("=CA", "=" + ca)
            .replace("=CERT", "=" + certificate)
            .replace("=KEY", "=" + key);

    assertThat(Keys.of(Section.AWS_MQ))
        .allSatisfy(known -> assertThat(ini).contains("\n" + known.name() + "="));
    assertThat(read(ini))
        .isEqualTo(
            new AmqpConfig(
                "mq.example.com",
                5673,
                false,
                "test",
                "me",
                new Secret("p#;%%"),
                "out",
                "in",
                Duration.ofMillis(4_294_967_295L),
                "tag",
                new TlsFiles(Optional.of(ca), Optional.of(certificate), Optional.of(key)),
                7,
                false,
                Optional.of(QueueType.QUORUM),
                8,
                OptionalInt.empty(),
                Optional.empty(),
                9,
                Duration.ofSeconds(10),
                Optional.of("arn:aws:secretsmanager:us-east-1:123456789012:secret:mq-AbCdEf")));
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
  void holdsItsInvariantsWhoeverMakesIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> defaults("q", "q", 1))
        .withMessage("queueToWs and queueFromWs have to differ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> defaults("to_ws", "from_ws", 0))
        .withMessage("prefetch has to be from 1 to 65535");
  }
}
