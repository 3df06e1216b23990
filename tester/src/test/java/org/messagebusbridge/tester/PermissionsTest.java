package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.junit.Needs;
import picocli.CommandLine;

/** A user that the broker knows, and that may not do all that the tester has to. */
@Timeout(180)
class PermissionsTest {

  private static final String ANY = ".*";
  private static final String NONE = "^$";

  private static @Nullable RabbitNode started;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path directory;

  @BeforeAll
  static void addUser() {
    Needs.rabbit(RabbitVersion.V3_10);
    started = Brokers.rabbit(RabbitVersion.V3_10);
    node().ctl("add_user", "limited", "s3cret");
    node().declareQueue("limited.to");
    node().declareQueue("limited.from");
  }

  @AfterAll
  static void deleteUser() {
    if (started != null) {
      node().ctl("delete_user", "limited");
    }
  }

  private static RabbitNode node() {
    return Objects.requireNonNull(started);
  }

  @BeforeEach
  void writeConfiguration() throws Exception {
    Files.writeString(
        directory.resolve("mq2wsbridge.ini"),
        """
        [aws_mq]
        mq_host = localhost
        mq_port = %d
        mq_tls = false
        mq_user_id = limited
        mq_password = s3cret
        mq_qname_to_ws = limited.to
        mq_qname_from_ws = limited.from
        """
            .formatted(node().port()));
  }

  private int execute(Map<String, String> environment) {
    CommandLine command = TesterCommand.commandLine(environment);
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(
        "-c", directory.resolve("mq2wsbridge.ini").toString(), "-n", "3", "-d", "0", "-e", "20");
  }

  private void assertSaid(String sentence) {
    assertThat(err.toString().lines()).singleElement().asString().isEqualTo(sentence);
  }

  @Test
  void exitsWithThreeWhenAMissingQueueMayNotBeCreated() {
    node().ctl("set_permissions", "limited", NONE, ANY, ANY);

    assertThat(execute(Map.of("MBB_AWS_MQ_MQ_QNAME_FROM_WS", "limited.missing"))).isEqualTo(3);

    assertThat(out.toString()).isEmpty();
    assertSaid(
        "error: The user limited may not create queue limited.missing at amqp://localhost:%d; grant it the configure permission."
            .formatted(node().port()));
    assertThat(node().ctl("list_queues", "--silent", "name")).doesNotContain("limited.missing");
    assertThat(node().depth("limited.to")).isZero();
  }

  @Test
  void exitsWithThreeBeforeAnythingIsSentWhenTheQueueMayNotBeConsumed() {
    node().ctl("set_permissions", "limited", ANY, ANY, NONE);

    assertThat(execute(Map.of())).isEqualTo(3);

    assertSaid(
        "error: The user limited may not consume queue limited.from at amqp://localhost:%d; grant it the read permission."
            .formatted(node().port()));
    assertThat(node().depth("limited.to")).isZero();
  }

  @Test
  void endsAtOnceWhenNothingMayBePublished() {
    node().ctl("set_permissions", "limited", ANY, NONE, ANY);

    assertThat(execute(Map.of())).isEqualTo(1);

    assertThat(out.toString()).containsPattern("\nSent \\d, received 0, lost \\d, ");
    assertSaid(
        "error: The broker at amqp://localhost:%d refused the user limited a permission (access to exchange 'amq.default' in vhost '/' refused for user 'limited'); grant it configure, write (also on the exchange amq.default) and read. The messages still out are counted as lost."
            .formatted(node().port()));
  }
}
