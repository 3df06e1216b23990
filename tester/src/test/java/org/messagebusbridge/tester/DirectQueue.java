package org.messagebusbridge.tester;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import org.messagebusbridge.config.AmqpConfig;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.TlsFiles;
import org.messagebusbridge.observability.LogSetup;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;

/**
 * What the tester can do by itself: it sends to and receives from one queue of a private RabbitMQ,
 * with no bridge between. Prints its figures and the processor time of this process. Arguments:
 * version (V4_0), messages a second, seconds.
 */
final class DirectQueue {

  private DirectQueue() {}

  /** Runs once; judges nothing, as figures depend on the machine. */
  public static void main(String[] args) throws Exception {
    LogSetup.silence();
    RabbitNode node = Brokers.rabbit(RabbitVersion.valueOf(args[0]));
    AmqpConfig config =
        new AmqpConfig(
            node.host(),
            node.port(),
            false,
            node.vhost(),
            node.user(),
            new Secret(node.password()),
            "direct",
            "unused",
            Duration.ofMinutes(5),
            "mqhandler",
            TlsFiles.NONE,
            500,
            true,
            Optional.empty(),
            5,
            Optional.empty(),
            5,
            Duration.ofSeconds(20),
            Optional.empty());
    Duration duration = Duration.ofSeconds(Long.parseLong(args[2]));
    Schedule schedule =
        new Schedule(
            MessageLog.MAX_MESSAGES, 1e9 / Double.parseDouble(args[1]), Optional.of(duration));
    Plan plan = new Plan(schedule, Payload.TEXT, 0, Plans.LATE, true, Duration.ofSeconds(30), true);
    Clock clock = Clock.system(ZoneId.systemDefault());
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    Console console = new Console(out, out, clock);
    MessageLog log = Plans.log(plan);
    View view = new ProgressView(console, log);
    Route route = new Route(config, "direct", "direct");
    Outcome outcome = new TestRun(route, plan, log, view, clock, () -> {}).run();
    outcome.summary().rates().ifPresent(console::line);
    console.line(outcome.summary().line());
    long nanos =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getProcessCpuTime();
    console.line("Processor time of this process: %d ms".formatted(nanos / 1_000_000));
    System.exit(0);
  }
}
