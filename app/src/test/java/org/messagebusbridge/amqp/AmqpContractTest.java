package org.messagebusbridge.amqp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.messagebusbridge.bus.BusFixture;
import org.messagebusbridge.bus.SinkContract;
import org.messagebusbridge.bus.SourceContract;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.EmbeddedBroker;

/** The AMQP bus keeps the contracts on every broker. */
class AmqpContractTest {

  @Nested
  class OnTheEmbeddedBroker {
    private static Broker broker;

    @BeforeAll
    static void start() {
      broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() {
      broker.close();
    }

    @Nested
    class AsASource extends SourceContract {
      @Override
      protected BusFixture openFixture() throws Exception {
        return new AmqpFixture(broker, false);
      }
    }

    @Nested
    class AsASink extends SinkContract {
      @Override
      protected BusFixture openFixture() throws Exception {
        return new AmqpFixture(broker, false);
      }
    }
  }
}
