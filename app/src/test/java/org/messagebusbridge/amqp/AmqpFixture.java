package org.messagebusbridge.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusFixture;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.config.TlsFiles;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Certificates;
import org.messagebusbridge.sandbox.FaultProxy;

/** The bus on a broker, through a proxy that can cut it; the other side is a client of its own. */
final class AmqpFixture implements BusFixture {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final String name;
  private final Broker broker;
  private final FaultProxy proxy;
  private final TestConfig config;
  private final Connection otherSide;
  private final Channel channel;
  private final BlockingQueue<Delivery> arriving = new LinkedBlockingQueue<>();
  private final List<Message> received = new ArrayList<>();
  private boolean receiving;

  AmqpFixture(Broker broker, boolean tls) throws IOException, TimeoutException {
    this.name = "amqp on " + broker.name() + (tls ? " over TLS" : "");
    this.broker = broker;
    this.proxy = FaultProxy.to(broker.host(), tls ? broker.tlsPort().orElseThrow() : broker.port());
    String queue = "contract-" + NUMBER.incrementAndGet();
    TestConfig plain = TestConfig.of(broker, queue).at(broker.host(), proxy.port());
    this.config = tls ? plain.withTls(files(broker)) : plain;
    this.otherSide = broker.connectionFactory().newConnection("the other side");
    this.channel = otherSide.createChannel();
    channel.confirmSelect();
  }

  /** What a client needs to trust the broker. */
  static TlsFiles files(Broker broker) {
    return new TlsFiles(
        broker.certificates().map(Certificates::caFile), Optional.empty(), Optional.empty());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Bus bus() {
    return new AmqpBus(config.build());
  }

  @Override
  public void offer(BusConnection connection, List<Message> messages) throws Exception {
    for (Message message : messages) {
      BasicProperties properties =
          new BasicProperties.Builder()
              .contentType(
                  message.form() == Message.Form.TEXT ? "text/plain" : "application/octet-stream")
              .deliveryMode(2)
              .build();
      channel.basicPublish("", config.build().queueToWs(), true, properties, message.body());
    }
    channel.waitForConfirmsOrDie(60_000);
  }

  @Override
  public List<Message> received(BusConnection connection, int atLeast) throws Exception {
    if (!receiving) {
      receiving = true;
      channel.basicConsume(
          config.build().queueFromWs(), true, (tag, delivery) -> arriving.add(delivery), tag -> {});
    }
    while (received.size() < atLeast) {
      Delivery next = arriving.poll(60, TimeUnit.SECONDS);
      if (next == null) {
        break;
      }
      received.add(message(next));
    }
    while (!arriving.isEmpty()) {
      received.add(message(arriving.remove()));
    }
    return List.copyOf(received);
  }

  private static Message message(Delivery delivery) {
    assertThat(delivery.getProperties().getDeliveryMode()).isEqualTo(2);
    assertThat(delivery.getProperties().getExpiration()).isEqualTo("300000");
    return Message.of(
        delivery.getBody(),
        switch (delivery.getProperties().getContentType()) {
          case "text/plain" -> Message.Form.TEXT;
          case "application/octet-stream" -> Message.Form.BINARY;
          default -> Message.Form.UNKNOWN;
        });
  }

  @Override
  public void cut() throws Exception {
    proxy.cut();
  }

  @Override
  public OptionalLong kept() {
    return OptionalLong.of(broker.depth(config.build().queueToWs()));
  }

  @Override
  public void close() throws IOException {
    try (proxy) {
      channel.queueDelete(config.build().queueToWs());
      channel.queueDelete(config.build().queueFromWs());
    } finally {
      otherSide.abort(2_000);
    }
  }
}
