package org.messagebusbridge.amqp;

import org.junit.jupiter.api.Nested;
import org.messagebusbridge.sandbox.RabbitVersion;

class AmqpNodeTest {

  @Nested
  class OnRabbit310 extends AmqpOnAnOwnNode {
    OnRabbit310() {
      super(RabbitVersion.V3_10);
    }
  }

  @Nested
  class OnRabbit40 extends AmqpOnAnOwnNode {
    OnRabbit40() {
      super(RabbitVersion.V4_0);
    }
  }

  @Nested
  class OnRabbit43 extends AmqpOnAnOwnNode {
    OnRabbit43() {
      super(RabbitVersion.V4_3);
    }
  }
}
