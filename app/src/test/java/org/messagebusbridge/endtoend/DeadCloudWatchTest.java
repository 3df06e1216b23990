package org.messagebusbridge.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.endtoend.BridgeProcess.Ended;
import org.messagebusbridge.endtoend.BridgeProcess.Ini;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.junit.Needs;

/**
 * Three bridges: one without CloudWatch, one with a CloudWatch that answers, and one with a
 * CloudWatch that takes connections and then answers nothing. They carry the same messages in turn,
 * round after round. What is asserted is that the heap in use after a collection is the same
 * whether CloudWatch answers or not, and that nothing is lost; the rates, which depend on what else
 * the machine does, are printed. With {@code -Dmbb.measure=N}, for a quiet machine, there are N
 * rounds of ten times as many messages, and the rates are asserted too.
 */
@Timeout(500)
class DeadCloudWatchTest {
  private static final int ROUNDS = Integer.getInteger("mbb.measure", 3);
  private static final boolean MEASURES = System.getProperty("mbb.measure") != null;
  private static final int MESSAGES = MEASURES ? 30_000 : 3_000;

  /** The log's buffer, 10 MiB, and as much again for what a collection finds or does not. */
  private static final double MOST_KEPT = 20 << 20;

  @TempDir private Path directory;
  private final Broker broker = Brokers.embedded();

  private final class Contender implements AutoCloseable {
    final AwsEndpoint aws = AwsEndpoint.open();
    final WebSocketService service = WebSocketService.builder().start();
    final String queues;
    final BridgeProcess bridge;
    final List<Double> rates = new ArrayList<>();

    Contender(String name, boolean dead, String... flags) throws Exception {
      queues = name + "-" + System.nanoTime();
      broker.declareQueue(queues + ".to_ws");
      broker.declareQueue(queues + ".from_ws");
      if (dead) {
        aws.network().stall();
      }
      List<String> arguments = new ArrayList<>(List.of(flags));
      arguments.addAll(List.of("-v", "-c", ini().write(directory).toString()));
      bridge = BridgeProcess.start(aws.environment(), arguments.toArray(String[]::new));
      service.awaitConnections(1, Duration.ofSeconds(60));
    }

    private Ini ini() {
      return Ini.of(broker, service.host(), queues + ".to_ws", queues + ".from_ws")
          .withLogin()
          .set("aws_cloudwatch", "cw_region", aws.region())
          .set("aws_cloudwatch", "cw_log_group", "mbb")
          .set("aws_cloudwatch", "cw_log_stream", "bridge")
          .set("aws_cloudwatch", "cw_metrics_namespace", "mbb")
          .set("aws_cloudwatch", "cw_metrics_resolution", "1");
    }

    void round(Queues clients, int messages, boolean counts) throws Exception {
      Traffic traffic = Traffic.texts("round");
      long begin = System.nanoTime();
      clients.publish(queues + ".to_ws", traffic, messages);
      assertThat(clients.consume(queues + ".from_ws", traffic, messages)).isEqualTo(messages);
      if (counts) {
        rates.add(messages * 1e9 / (System.nanoTime() - begin));
      }
    }

    /** In bytes, of what is left after a collection. */
    double heap() throws IOException, InterruptedException {
      tool("jcmd", Long.toString(bridge.pid()), "GC.run");
      List<String> rows =
          tool("jstat", "-gc", Long.toString(bridge.pid())).lines().map(String::strip).toList();
      List<String> names = List.of(rows.get(0).split("\\s+"));
      List<String> values = List.of(rows.get(1).split("\\s+"));
      double kib = 0;
      for (String part : List.of("S0U", "S1U", "EU", "OU")) {
        kib += Double.parseDouble(values.get(names.indexOf(part)));
      }
      return kib * 1_024;
    }

    private static String tool(String name, String... arguments)
        throws IOException, InterruptedException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
      command.addAll(List.of(arguments));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
      assertThat(process.waitFor()).as(said).isZero();
      return said;
    }

    @Override
    public void close() {
      bridge.close();
      service.close();
      aws.close();
    }
  }

  @Test
  void theHeapIsTheSameWhetherCloudWatchAnswersOrNot() throws Exception {
    Needs.aws();
    try (Queues clients = new Queues(broker);
        Contender without = new Contender("without", false);
        Contender alive = new Contender("alive", false, "-l", "-m");
        Contender dead = new Contender("dead", true, "-l", "-m")) {
      List<Contender> all = List.of(without, alive, dead);
      for (Contender contender : all) {
        contender.round(clients, MESSAGES, false);
      }
      List<Double> overWithout = new ArrayList<>();
      List<Double> overAlive = new ArrayList<>();
      List<Double> heaps = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        for (Contender contender : all) {
          contender.round(clients, MESSAGES, true);
        }
        overWithout.add(dead.rates.getLast() / without.rates.getLast());
        overAlive.add(dead.rates.getLast() / alive.rates.getLast());
        heaps.add(dead.heap() / alive.heap());
      }
      System.out.printf(
          "a dead CloudWatch, %d rounds of %d messages: rate %.3f of that without CloudWatch, %.3f"
              + " of that with one that answers (%.0f, %.0f, %.0f messages/s); heap %.3f of that"
              + " with one that answers (%.1f MiB)%n",
          ROUNDS,
          MESSAGES,
          median(overWithout),
          median(overAlive),
          median(without.rates),
          median(alive.rates),
          median(dead.rates),
          median(heaps),
          alive.heap() / (1 << 20));
      // What is kept meanwhile is bounded. How much of the rest a collection finds is measured.
      assertThat(dead.heap() - alive.heap()).isLessThan(MOST_KEPT);
      if (MEASURES) {
        assertThat(median(heaps)).isLessThan(1.05);
        assertThat(median(overWithout)).isGreaterThan(0.95);
        assertThat(median(overAlive)).isGreaterThan(0.95);
      }

      Ended ended = dead.bridge.terminate();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.out()).contains("Stopped  to_ws=" + (ROUNDS + 1) * MESSAGES);
      assertThat(alive.bridge.terminate().exitCode()).isZero();
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
