package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.messagebusbridge.sandbox.junit.Needs;

@ParameterizedClass
@EnumSource(RabbitVersion.class)
class RabbitNodeTest {

  @SuppressWarnings("NullAway.Init") // set before the tests of each version
  private static RabbitNode node;

  private final RabbitVersion version;

  RabbitNodeTest(RabbitVersion version) {
    this.version = version;
  }

  @BeforeParameterizedClassInvocation
  static void start(RabbitVersion version) {
    Needs.rabbit(version);
    node = RabbitNode.start(version);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    if (node != null) {
      node.close();
      node.close();
    }
  }

  @Test
  void namesTheVersionThatRuns() {
    assertThat(node.name()).startsWith(version + ".");
    assertThat(node.ctl("-q", "eval", "rabbit_misc:version()."))
        .isEqualTo("\"" + node.name().substring("RabbitMQ ".length()) + "\"");
  }

  @Test
  void countsTheMessagesThatNoConsumerHolds() throws Exception {
    node.declareQueue("depth");
    node.declareQueue("depth");
    publishPersistent("depth", "one", "two", "three");
    try (Connection connection = node.connectionFactory().newConnection()) {
      connection.createChannel().basicGet("depth", false);

      assertThat(node.depth("depth")).isEqualTo(2);
    }
  }

  @Test
  void keepsQueuesMessagesAndPortsWhenStoppedAndStarted() throws Exception {
    node.declareQueue("kept");
    publishPersistent("kept", "one", "two");
    int port = node.port();

    node.stop();
    assertThatThrownBy(() -> node.connectionFactory().newConnection())
        .isInstanceOf(ConnectException.class);
    node.startAgain();

    assertThat(node.port()).isEqualTo(port);
    assertThat(get("kept")).isEqualTo("one");
    assertThat(get("kept")).isEqualTo("two");
  }

  @Test
  void keepsConfirmedMessagesWhenKilledAndStarted() throws Exception {
    node.declareQueue("survives");
    node.saveDeclarations();
    publishPersistent("survives", "one");
    var lost = new CountDownLatch(1);
    node.connectionFactory().newConnection().addShutdownListener(cause -> lost.countDown());

    node.kill();

    assertThat(lost.await(60, TimeUnit.SECONDS)).isTrue();
    node.startAgain();

    assertThat(get("survives")).isEqualTo("one");
  }

  @Test
  void refusesToStartTwice() {
    assertThatThrownBy(node::startAgain)
        .isInstanceOf(SandboxException.class)
        .hasMessageEndingWith("runs already");
  }

  @Test
  void takesTlsClientsWithAndWithoutACertificate() throws Exception {
    Certificates certificates = node.certificates().orElseThrow();
    assertThat(overTls(certificates.clientContext())).isEqualTo("ok");
    assertThat(overTls(certificates.clientContext(certificates.client()))).isEqualTo("ok");
  }

  @Test
  void refusesTheCertificateOfAForeignClient() {
    Certificates certificates = node.certificates().orElseThrow();
    assertThatThrownBy(() -> overTls(certificates.clientContext(certificates.foreignClient())))
        .isInstanceOf(IOException.class);
  }

  @Test
  void isNotTrustedByClientsOfThePublicAuthorities() {
    assertThatThrownBy(() -> overTls(SSLContext.getDefault()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void refusesAWrongPassword() {
    ConnectionFactory factory = node.connectionFactory();
    factory.setPassword("wrong");
    assertThatThrownBy(factory::newConnection).isInstanceOf(AuthenticationFailureException.class);
  }

  @Test
  void blocksPublishersWhileTheMemoryAlarmLasts() throws Exception {
    node.declareQueue("alarm");
    var states = new LinkedBlockingQueue<String>();
    try (Connection connection = node.connectionFactory().newConnection()) {
      connection.addBlockedListener(
          new BlockedListener() {
            @Override
            public void handleBlocked(String reason) {
              states.add("blocked");
            }

            @Override
            public void handleUnblocked() {
              states.add("unblocked");
            }
          });
      Channel channel = connection.createChannel();
      node.setMemoryAlarm(true);
      channel.basicPublish("", "alarm", null, new byte[1]);
      assertThat(states.poll(60, TimeUnit.SECONDS)).isEqualTo("blocked");
      node.setMemoryAlarm(false);
      assertThat(states.poll(60, TimeUnit.SECONDS)).isEqualTo("unblocked");
    } finally {
      node.setMemoryAlarm(false);
    }
  }

  @Test
  void saysWhyRabbitmqctlFailed() {
    assertThatThrownBy(() -> node.ctl("delete_queue", "nowhere"))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("rabbitmqctl delete_queue nowhere failed: ")
        .hasMessageNotContaining(node.password());
  }

  @Test
  void saysWhichQueueItCouldNotRead() {
    assertThatThrownBy(() -> node.depth("nowhere"))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("read the depth of queue nowhere")
        .hasMessageContaining("NOT_FOUND");
  }

  private static void publishPersistent(String queue, String... bodies) throws Exception {
    try (Connection connection = node.connectionFactory().newConnection()) {
      Channel channel = connection.createChannel();
      channel.confirmSelect();
      for (String body : bodies) {
        channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, body.getBytes(UTF_8));
      }
      channel.waitForConfirmsOrDie(60_000);
    }
  }

  private static String get(String queue) throws Exception {
    try (Connection connection = node.connectionFactory().newConnection()) {
      return new String(connection.createChannel().basicGet(queue, true).getBody(), UTF_8);
    }
  }

  private static String overTls(SSLContext context) throws Exception {
    ConnectionFactory factory = node.connectionFactory();
    factory.setPort(node.tlsPort().orElseThrow());
    factory.useSslProtocol(context);
    factory.enableHostnameVerification();
    try (Connection connection = factory.newConnection()) {
      return connection.isOpen() ? "ok" : "closed";
    }
  }
}
