package org.messagebusbridge.amqp;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.messagebusbridge.bus.BusFixture;
import org.messagebusbridge.bus.SinkContract;
import org.messagebusbridge.bus.SourceContract;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.junit.Needs;

/** The AMQP bus keeps the contracts on every broker, plain and over TLS. */
class AmqpContractTest {

  @Nested
  class SourceOnTheEmbeddedBroker extends SourceContract {
    @Override
    protected BusFixture openFixture() throws Exception {
      return new AmqpFixture(Brokers.embedded(), false);
    }
  }

  @Nested
  class SinkOnTheEmbeddedBroker extends SinkContract {
    @Override
    protected BusFixture openFixture() throws Exception {
      return new AmqpFixture(Brokers.embedded(), false);
    }
  }

  @Nested
  class SourceOnRabbit310 extends SourceContract {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V3_10);
    }

    @Override
    protected BusFixture openFixture() throws Exception {
      return rabbit(RabbitVersion.V3_10, false);
    }
  }

  @Nested
  class SinkOnRabbit310 extends SinkContract {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V3_10);
    }

    @Override
    protected BusFixture openFixture() throws Exception {
      return rabbit(RabbitVersion.V3_10, false);
    }
  }

  @Nested
  class SourceOnRabbit310OverTls extends SourceContract {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V3_10);
    }

    @Override
    protected BusFixture openFixture() throws Exception {
      return rabbit(RabbitVersion.V3_10, true);
    }
  }

  @Nested
  class SinkOnRabbit310OverTls extends SinkContract {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V3_10);
    }

    @Override
    protected BusFixture openFixture() throws Exception {
      return rabbit(RabbitVersion.V3_10, true);
    }
  }

  @Nested
  class SourceOnRabbit40 extends SourceContract {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V4_0);
    }

    @Override
    protected BusFixture openFixture() throws Exception {
      return rabbit(RabbitVersion.V4_0, false);
    }
  }

  @Nested
  class SinkOnRabbit40 extends SinkContract {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V4_0);
    }

    @Override
    protected BusFixture openFixture() throws Exception {
      return rabbit(RabbitVersion.V4_0, false);
    }
  }

  @Nested
  class SourceOnRabbit40OverTls extends SourceContract {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V4_0);
    }

    @Override
    protected BusFixture openFixture() throws Exception {
      return rabbit(RabbitVersion.V4_0, true);
    }
  }

  @Nested
  class SinkOnRabbit40OverTls extends SinkContract {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V4_0);
    }

    @Override
    protected BusFixture openFixture() throws Exception {
      return rabbit(RabbitVersion.V4_0, true);
    }
  }

  @Nested
  class SourceOnRabbit43 extends SourceContract {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V4_3);
    }

    @Override
    protected BusFixture openFixture() throws Exception {
      return rabbit(RabbitVersion.V4_3, false);
    }
  }

  @Nested
  class SinkOnRabbit43 extends SinkContract {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V4_3);
    }

    @Override
    protected BusFixture openFixture() throws Exception {
      return rabbit(RabbitVersion.V4_3, false);
    }
  }

  @Nested
  class SourceOnRabbit43OverTls extends SourceContract {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V4_3);
    }

    @Override
    protected BusFixture openFixture() throws Exception {
      return rabbit(RabbitVersion.V4_3, true);
    }
  }

  @Nested
  class SinkOnRabbit43OverTls extends SinkContract {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V4_3);
    }

    @Override
    protected BusFixture openFixture() throws Exception {
      return rabbit(RabbitVersion.V4_3, true);
    }
  }

  private static BusFixture rabbit(RabbitVersion version, boolean tls) throws Exception {
    return new AmqpFixture(Brokers.rabbit(version), tls);
  }
}
