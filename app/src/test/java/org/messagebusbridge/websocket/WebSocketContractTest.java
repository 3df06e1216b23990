package org.messagebusbridge.websocket;

import org.junit.jupiter.api.Nested;
import org.messagebusbridge.bus.BusFixture;
import org.messagebusbridge.bus.SinkContract;
import org.messagebusbridge.bus.SourceContract;
import org.messagebusbridge.websocket.WebSocketConfig.Compression;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;

/** The WebSocket bus keeps the contracts, whatever counts as proof, compressed or not. */
class WebSocketContractTest {

  @Nested
  class AsASource extends SourceContract {
    @Override
    protected BusFixture openFixture() {
      return new WebSocketFixture(DeliveryConfirm.PONG, Compression.OFF);
    }
  }

  @Nested
  class AsASourceOfCompressedMessages extends SourceContract {
    @Override
    protected BusFixture openFixture() {
      return new WebSocketFixture(DeliveryConfirm.PONG, Compression.PERMESSAGE_DEFLATE);
    }
  }

  @Nested
  class AsASinkByPong extends SinkContract {
    @Override
    protected BusFixture openFixture() {
      return new WebSocketFixture(DeliveryConfirm.PONG, Compression.OFF);
    }
  }

  @Nested
  class AsASinkByFlush extends SinkContract {
    @Override
    protected BusFixture openFixture() {
      return new WebSocketFixture(DeliveryConfirm.FLUSH, Compression.OFF);
    }
  }

  @Nested
  class AsASinkOfCompressedMessages extends SinkContract {
    @Override
    protected BusFixture openFixture() {
      return new WebSocketFixture(DeliveryConfirm.PONG, Compression.PERMESSAGE_DEFLATE);
    }
  }
}
