package org.messagebusbridge.loopback;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusFixture;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.RecordedConfirmations;
import org.messagebusbridge.bus.RecordedDeliveries;
import org.messagebusbridge.bus.SinkContract;
import org.messagebusbridge.bus.SourceContract;

/** The loopback bus under the shared contracts; its other side is itself. */
class LoopbackContractTest {

  @Nested
  class LoopbackSource extends SourceContract {
    @Override
    protected BusFixture openFixture() {
      return new Fixture();
    }
  }

  @Nested
  class LoopbackSink extends SinkContract {
    @Override
    protected BusFixture openFixture() {
      return new Fixture();
    }
  }

  private static final class Fixture implements BusFixture {
    private final Bus bus = new LoopbackBus();
    private final List<Message> received = new ArrayList<>();

    @Override
    public String name() {
      return "loopback";
    }

    @Override
    public Bus bus() {
      return bus;
    }

    @Override
    public void offer(BusConnection connection, List<Message> messages) {
      connection.sink().start(new RecordedConfirmations());
      for (Message message : messages) {
        connection.sink().send(message);
      }
      connection.sink().flush();
    }

    @Override
    public List<Message> received(BusConnection connection, int atLeast)
        throws BusException, InterruptedException {
      RecordedDeliveries deliveries = new RecordedDeliveries();
      connection.source().start(deliveries);
      List<Delivery> taken = deliveries.await(atLeast - received.size());
      connection.source().stop();
      if (!taken.isEmpty()) {
        taken.getLast().acceptThrough();
      }
      taken.forEach(delivery -> received.add(delivery.message()));
      return List.copyOf(received);
    }

    @Override
    public boolean carriesAttributes() {
      return true;
    }

    @Override
    public boolean canCut() {
      return false;
    }

    @Override
    public void cut() {
      throw new UnsupportedOperationException("there is nothing to cut");
    }

    @Override
    public void close() {}
  }
}
