package org.messagebusbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.RecordedPage;
import org.messagebusbridge.sandbox.faults.ChildBridge;
import org.messagebusbridge.sandbox.faults.LineLog;
import org.messagebusbridge.sandbox.interop.Front;
import org.messagebusbridge.sandbox.interop.InteropResult;
import org.messagebusbridge.sandbox.interop.InteropRun;
import org.messagebusbridge.sandbox.interop.InteropRun.End;
import org.messagebusbridge.sandbox.interop.InteropRun.Plan;
import org.messagebusbridge.sandbox.interop.Peer;
import org.messagebusbridge.sandbox.junit.Needs;

/** The bridge between a queue and echo services on other people's servers, and back. */
class InteropTest {
  private static final Path PAGE = Path.of("..", "docs", "interop.md");
  private static final Path LOGS = Path.of("target", "interop");

  /** More than the 60 s after which nginx and Apache end what is idle, and HAProxy's 50 s. */
  private static final Duration IDLE = Duration.ofSeconds(70);

  /** Paths at a time. */
  private static final int LANES = 2;

  private record Case(InteropRun.Path path, Plan plan) {}

  @Test
  @Timeout(300)
  void bringsEveryMessageBackFromTheServersOfJava() throws Exception {
    Peer.OF_JAVA.forEach(Needs::peer);

    List<InteropResult> results =
        run(
            Peer.OF_JAVA.stream()
                .flatMap(
                    peer ->
                        Stream.of(
                            new Case(path(peer, false), Plan.brief(End.SIGTERM)),
                            new Case(path(peer, true), Plan.brief(End.SIGKILL))))
                .toList());

    assertThat(results).flatExtracting(InteropResult::mistakes).isEmpty();
    assertThat(results).hasSize(8).allMatch(result -> result.parts().size() == 2);
  }

  @Test
  @Tag("interop")
  @Timeout(5_000)
  void bringsEveryMessageBackFromEveryServerAndThroughEveryProxy() throws Exception {
    Stream.of(Peer.values()).forEach(Needs::peer);
    Stream.of(Front.values()).forEach(Needs::front);
    List<Case> cases = new ArrayList<>();
    for (boolean compression : List.of(false, true)) {
      for (Front front : Front.values()) {
        cases.add(
            new Case(
                new InteropRun.Path(Peer.GORILLA, Optional.of(front), compression),
                Plan.whole().idle(IDLE)));
      }
      for (Peer peer : Peer.values()) {
        cases.add(new Case(path(peer, compression), Plan.whole()));
      }
    }

    List<InteropResult> results = run(cases);

    write(results);
    assertThat(results).flatExtracting(InteropResult::mistakes).isEmpty();
  }

  private static InteropRun.Path path(Peer peer, boolean compression) {
    return new InteropRun.Path(peer, Optional.empty(), compression);
  }

  private static List<InteropResult> run(List<Case> cases) throws Exception {
    Needs.rabbit(RabbitVersion.V3_10);
    try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
      List<Future<InteropResult>> running =
          cases.stream().map(some -> lanes.submit(() -> run(some))).toList();
      List<InteropResult> results = new ArrayList<>();
      for (Future<InteropResult> result : running) {
        results.add(result.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private static InteropResult run(Case some) throws InterruptedException {
    String file = some.path().label().replaceAll("[^A-Za-z0-9.]+", "-") + ".log";
    try (LineLog log = new LineLog(LOGS.resolve(file))) {
      InteropResult result =
          new InteropRun(
                  Brokers.rabbit(RabbitVersion.V3_10),
                  ChildBridge.by(ShippedBridge.launcher(), log))
              .run(some.path(), some.plan());
      System.out.println(result.lines());
      return result;
    }
  }

  private static void write(List<InteropResult> results) {
    String head =
        "%s; %s; JDK %s; %d cores\n\n"
            .formatted(
                Instant.now().truncatedTo(ChronoUnit.MINUTES),
                Brokers.rabbit(RabbitVersion.V3_10).name(),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors());
    new RecordedPage(PAGE)
        .write("matrix", head + InteropResult.table(results) + "\n" + InteropResult.notes(results));
  }
}
