package org.messagebusbridge.websocket;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.websocket.AutobahnServer.Result;

/** The bus against the Autobahn test suite, which tries what RFC 6455 and RFC 7692 forbid. */
class ConformanceTest {
  private static final Path REPORTS = Path.of("target", "autobahn");
  private static final Path DOCUMENT = Path.of("..", "docs", "conformance.md");

  /** Everything but load and compression, and a little of both. */
  private static final Pattern A_MINUTES_WORTH =
      Pattern.compile("[1-7]\\..*|9\\.\\d\\.[1-3]|10\\..*|1[23]\\.\\d\\.(1|3|11)");

  /** Servers and clients at a time: a server does not use more than one processor. */
  private static final int LANES = 2;

  private static final Set<String> GOOD = Set.of("OK", "NON-STRICT", "INFORMATIONAL");

  @Test
  @Tag("conformance")
  @Timeout(3_000)
  void passesEveryCaseOfTheSuite() throws Exception {
    Collection<Result> results = run("all", Pattern.compile(".*"));

    assertThat(failures(results)).isEmpty();
    assertThat(results).extracting(Result::id).doesNotHaveDuplicates().hasSize(517);
    assertThat(Files.readAllLines(DOCUMENT)).containsSubsequence(table(results));
  }

  @Test
  @Timeout(600)
  void passesTheCasesOfAMinute() throws Exception {
    Collection<Result> results = run("short", A_MINUTES_WORTH);

    assertThat(failures(results)).isEmpty();
    assertThat(results).extracting(Result::id).doesNotHaveDuplicates().hasSize(307);
  }

  private static Collection<Result> run(String name, Pattern wanted) throws Exception {
    Queue<Result> results = new ConcurrentLinkedQueue<>();
    Queue<String> mistaken = new ConcurrentLinkedQueue<>();
    List<AutobahnServer> servers = new ArrayList<>();
    try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
      for (int n = 1; n <= LANES; n++) {
        servers.add(AutobahnServer.start(REPORTS.resolve(name + "-" + n)));
      }
      List<String> cases =
          servers.getFirst().cases().stream().filter(id -> wanted.matcher(id).matches()).toList();
      Queue<String> left = new ConcurrentLinkedQueue<>(cases);
      List<Future<?>> running = new ArrayList<>();
      for (AutobahnServer server : servers) {
        running.add(lanes.submit(() -> play(server, left, results, mistaken, cases.size())));
      }
      for (Future<?> lane : running) {
        lane.get();
      }
    } finally {
      servers.forEach(AutobahnServer::close);
    }
    assertThat(mistaken).isEmpty();
    return results;
  }

  private static Void play(
      AutobahnServer server,
      Queue<String> left,
      Queue<Result> results,
      Queue<String> mistaken,
      int all)
      throws Exception {
    try (EchoClient client = new EchoClient()) {
      for (String id = left.poll(); id != null; id = left.poll()) {
        client.play(server, id);
        results.add(server.result(id));
        if (results.size() % 50 == 0) {
          System.out.printf("conformance: %d of %d cases%n", results.size(), all);
        }
      }
      mistaken.addAll(client.mistaken());
    }
    return null;
  }

  /** A line for each case that went wrong: what was to happen, and what did. */
  private static List<String> failures(Collection<Result> results) {
    return results.stream()
        .filter(r -> !GOOD.contains(r.behavior()) || !GOOD.contains(r.behaviorClose()))
        .map(
            r ->
                "case %s: %s, its close %s; expected: %s; seen: %s %s"
                    .formatted(
                        r.id(),
                        r.behavior(),
                        r.behaviorClose(),
                        r.expectation(),
                        r.result(),
                        r.resultClose()))
        .toList();
  }

  /** The rows of the document: how many cases of each group came out how. */
  private static List<String> table(Collection<Result> results) {
    Map<Integer, List<Result>> groups =
        results.stream()
            .collect(
                groupingBy(
                    r -> Integer.parseInt(r.id().substring(0, r.id().indexOf('.'))),
                    TreeMap::new,
                    toList()));
    List<String> rows = new ArrayList<>();
    groups.forEach((group, cases) -> rows.add(row(group + ".*", cases)));
    rows.add(row("all", results));
    System.out.println("conformance:\n" + String.join("\n", rows));
    return rows;
  }

  private static String row(String name, Collection<Result> cases) {
    Map<String, Long> counts = cases.stream().collect(groupingBy(Result::behavior, counting()));
    return "| %s | %d | %d | %d | %d |"
        .formatted(
            name,
            cases.size(),
            counts.getOrDefault("OK", 0L),
            counts.getOrDefault("NON-STRICT", 0L),
            counts.getOrDefault("INFORMATIONAL", 0L));
  }
}
