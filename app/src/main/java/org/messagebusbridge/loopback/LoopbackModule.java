package org.messagebusbridge.loopback;

import java.util.Optional;
import java.util.OptionalInt;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.config.BusModule;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Section;

/** The stub behind {@code -X} as a bus that the bridge finds. */
public final class LoopbackModule implements BusModule {

  @Override
  public Side side() {
    return Side.STUB;
  }

  @Override
  public Optional<Section> section() {
    return Optional.empty();
  }

  @Override
  public Bus open(Opening opening) {
    return new LoopbackBus();
  }

  @Override
  public String address(Configuration configuration) {
    return "none: what MQ sends goes back to it (-X)";
  }

  @Override
  public Attempts attempts(Configuration configuration) {
    return new Attempts(OptionalInt.of(1), Optional.empty(), "");
  }
}
