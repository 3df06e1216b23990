package org.messagebusbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.messagebusbridge.sandbox.junit.Needs;

class BrokersTest {

  @Test
  void startsTheEmbeddedBrokerOnce() {
    EmbeddedBroker broker = Brokers.embedded();

    broker.declareQueue("BrokersTest");

    assertThat(Brokers.embedded()).isSameAs(broker);
    assertThat(broker.depth("BrokersTest")).isZero();
  }

  @ParameterizedTest
  @EnumSource(RabbitVersion.class)
  void startsOneNodeOfEachVersion(RabbitVersion version) {
    Needs.rabbit(version);

    RabbitNode node = Brokers.rabbit(version);

    assertThat(node.name()).startsWith(version + ".");
    assertThat(Brokers.rabbit(version)).isSameAs(node);
  }
}
