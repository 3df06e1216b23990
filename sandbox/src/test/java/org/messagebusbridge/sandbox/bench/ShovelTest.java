package org.messagebusbridge.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.messagebusbridge.sandbox.RabbitExtras;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.child.BrokerUri;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import org.messagebusbridge.sandbox.junit.Needs;

@Timeout(180)
class ShovelTest {

  private static final Plan PLAN =
      new Plan(
          List.of(Way.SHOVEL, Way.SHOVEL_TCP),
          List.of(200),
          List.of(),
          1,
          1,
          100,
          Duration.ofMillis(500));

  private static final Launcher NO_LAUNCHER = new Launcher(Path.of("no/such/launcher"));

  @Test
  void logsInOverTcpWithWhatAnyUserAndPasswordAreInAUri() throws Exception {
    BrokerUri broker = new BrokerUri(false, "a user", "p@ss/w:rd+%", "localhost", 5_673, "/");
    Shovel shovel = new Shovel("x.shovel-tcp", Shovel.tcp(broker), "x.to_ws", "x.from_ws");

    JsonNode parameter = new ObjectMapper().readTree(shovel.definitions()).get("parameters").get(0);
    assertThat(parameter.get("name").asText()).isEqualTo("x.shovel-tcp");
    JsonNode value = parameter.get("value");
    assertThat(value.get("src-uri").asText())
        .isEqualTo("amqp://a%20user:p%40ss%2Fw%3Ard%2B%25@127.0.0.1:5673")
        .isEqualTo(value.get("dest-uri").asText());
    assertThat(value.get("src-queue").asText()).isEqualTo("x.to_ws");
    assertThat(value.get("dest-queue").asText()).isEqualTo("x.from_ws");
    assertThat(shovel.toString()).isEqualTo("x.shovel-tcp");
  }

  @ParameterizedTest
  @EnumSource(RabbitVersion.class)
  void carriesEveryMessageOverDirectConnectionsAndOverTcp(RabbitVersion version) throws Exception {
    Needs.rabbit(version);
    List<String> names = new ArrayList<>();
    try (RabbitNode node =
            RabbitNode.start(version, RabbitExtras.NONE.withPlugin("rabbitmq_shovel"));
        Resources resources = new Resources()) {
      List<Row> rows =
          new BenchRun(
                  resources,
                  node,
                  own -> new Contenders(NO_LAUNCHER, own, node, Optional.empty()),
                  turn -> {
                    if (turn.endsWith("round 1 of 1, shovel")) {
                      names.addAll(connections(node));
                    }
                  })
              .measure(PLAN, done -> {});

      assertThat(names).filteredOn(name -> name.contains("Shovel bench.shovel-tcp")).hasSize(2);
      assertThat(names).filteredOn(name -> name.contains("Shovel ")).hasSize(2);
      assertThat(rows).extracting(Row::way).containsExactly(Way.SHOVEL, Way.SHOVEL_TCP);
      for (Row row : rows) {
        assertThat(row.sent()).isPositive();
        assertThat(row.samples()).allMatch(sample -> sample.figures().isClean());
        assertThat(row.cpuMicros()).isEmpty();
        assertThat(row.brokerMicros()).isPositive();
        assertThat(row.loadMicros()).isPositive();
      }
      assertThat(logs(node)).contains("shovel-tcp").doesNotContain(node.password());
    }
  }

  /** What the clients of connections over the network say of themselves. */
  private static List<String> connections(RabbitNode node) {
    return node.ctl("-q", "list_connections", "client_properties").lines().toList();
  }

  private static String logs(RabbitNode node) throws IOException {
    StringBuilder all = new StringBuilder();
    Matcher file =
        Pattern.compile("\"(/[^\"]+)\"").matcher(node.ctl("-q", "eval", "rabbit:log_locations()."));
    while (file.find()) {
      all.append(Files.readString(Path.of(file.group(1))));
    }
    return all.toString();
  }
}
