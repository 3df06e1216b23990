package org.messagebusbridge.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.messagebusbridge.config.BridgeKeys;
import org.messagebusbridge.config.BusModule;
import org.messagebusbridge.config.BusModule.Side;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.observability.http.About;
import org.messagebusbridge.observability.http.StatusService;
import org.messagebusbridge.relay.Bridge;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Health, metrics and the page of one run, on {@code http_port}. */
record LocalStatus(StatusService service, String host) implements BridgeObserver, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalStatus.class);
  private static final int FIRST_UNPRIVILEGED = 1_024;

  /**
   * Begins to answer.
   *
   * @param stub whether the loopback bus stands in for the WebSocket
   * @throws CommandException when it cannot listen there
   */
  static LocalStatus open(Configuration configuration, int port, boolean stub)
      throws CommandException {
    String host = configuration.get(BridgeKeys.HTTP_HOST);
    try {
      StatusService service = StatusService.open(host, port, about(configuration, stub));
      return new LocalStatus(service, host);
    } catch (IOException e) {
      throw CommandException.mistake(List.of(sentence(host, port, e)), e);
    }
  }

  private static About about(Configuration configuration, boolean stub) {
    BusModule mq = configuration.bus(Side.MQ);
    Optional<BusModule.Queues> queues = mq.queues(configuration);
    return new About(
        Version.current(),
        hostName() + ", process " + ProcessHandle.current().pid(),
        Instant.now(),
        configuration.get(BridgeKeys.HA_MODE).name().toLowerCase(Locale.ROOT),
        mq.address(configuration),
        configuration.bus(stub ? Side.STUB : Side.API).address(configuration),
        queues.map(BusModule.Queues::toWs).orElse(""),
        queues.map(BusModule.Queues::fromWs).orElse(""));
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "this host";
    }
  }

  private static String sentence(String host, int port, IOException failure) {
    if (failure instanceof UnknownHostException) {
      return "http_host=%s cannot be resolved: write an address of this machine, or 0.0.0.0 for all."
          .formatted(host);
    }
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof BindException && message.contains("in use")) {
      return ("http_port=%d is in use on %s already: write another port in section bridge, or end"
              + " the process that has it.")
          .formatted(port, host);
    }
    if (message.contains("denied") && port < FIRST_UNPRIVILEGED) {
      return "http_port=%d is for root alone: write a port from %d on in section bridge."
          .formatted(port, FIRST_UNPRIVILEGED);
    }
    if (failure instanceof BindException) {
      return "http_host=%s is no address of this machine: write one of its own, or 0.0.0.0 for all."
          .formatted(host);
    }
    return "http_port=%d on %s cannot be served: %s.".formatted(port, host, message);
  }

  @Override
  public void begins(Bridge bridge, Supplier<Reading> readings) {
    log.atInfo()
        .addKeyValue("host", host)
        .addKeyValue("port", service.address().getPort())
        .log("Health, metrics and a page are served by HTTP");
    service.show(readings);
  }

  @Override
  public void ended() {
    // It answers until the process ends.
  }

  @Override
  public void close() {
    service.close();
  }
}
