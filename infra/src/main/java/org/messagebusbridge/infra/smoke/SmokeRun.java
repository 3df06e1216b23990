package org.messagebusbridge.infra.smoke;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.infra.smoke.Cloud.Page;
import org.messagebusbridge.infra.smoke.Cloud.Task;

/** One run: starts the task, shows its log as it comes, waits for its end. Used once. */
final class SmokeRun {
  private final Cloud cloud;
  private final Pace pace;
  private final PrintWriter out;
  private final PrintWriter err;
  private Optional<String> next = Optional.empty();
  private String status = "";

  /** Time, so that tests need none. */
  interface Pace {
    /** Nanoseconds of a clock that never steps. */
    long nanoTime();

    void pause(Duration time) throws InterruptedException;
  }

  SmokeRun(Cloud cloud, Pace pace, PrintWriter out, PrintWriter err) {
    this.cloud = cloud;
    this.pace = pace;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs.
   *
   * @param timeout for all of it; the task is stopped then
   * @return the exit code of the tester: 0 when all messages came back
   */
  int run(String stack, List<String> arguments, Duration timeout)
      throws SmokeException, InterruptedException {
    Map<String, String> outputs = new HashMap<>(cloud.outputs(stack + Deployed.BASE));
    outputs.putAll(cloud.outputs(stack));
    Deployed deployed = Deployed.of(stack, outputs);
    String arn = cloud.start(deployed, arguments);
    say("started the tester: " + arn);
    Thread stopper =
        new Thread(() -> cloud.stop(deployed, arn, "mbb smoke was interrupted"), "stop-task");
    Runtime.getRuntime().addShutdownHook(stopper);
    try {
      return await(deployed, arn, timeout);
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(stopper);
      } catch (IllegalStateException e) {
        // the JVM is ending, and the hook does its work
      }
    }
  }

  private int await(Deployed deployed, String arn, Duration timeout)
      throws SmokeException, InterruptedException {
    long begin = pace.nanoTime();
    while (true) {
      Task task = cloud.task(deployed, arn);
      if (!task.status().equals(status)) {
        status = task.status();
        say(status.toLowerCase(Locale.ROOT));
      }
      show(deployed, arn);
      if (task.hasStopped()) {
        return verdict(task);
      }
      if (pace.nanoTime() - begin > timeout.toNanos()) {
        cloud.stop(deployed, arn, "mbb smoke waited long enough");
        throw new SmokeException(
            1,
            "the tester is still %s after %d s, and was stopped; --timeout gives it more."
                .formatted(status.toLowerCase(Locale.ROOT), timeout.toSeconds()));
      }
      pace.pause(Duration.ofSeconds(2));
    }
  }

  private void show(Deployed deployed, String arn) throws SmokeException {
    while (true) {
      Page page = cloud.log(deployed.logGroup(), deployed.stream(arn), next);
      page.lines().forEach(out::println);
      out.flush();
      boolean end = page.lines().isEmpty() || page.next().equals(next);
      next = page.next().isPresent() ? page.next() : next;
      if (end) {
        return;
      }
    }
  }

  private int verdict(Task task) throws SmokeException {
    if (task.exitCode().isEmpty()) {
      throw new SmokeException(
          1, "the tester did not run: " + task.reason().orElse("ECS gives no reason") + ".");
    }
    int exitCode = task.exitCode().get();
    say("the tester ended with exit code " + exitCode);
    return exitCode;
  }

  private void say(String what) {
    err.println("smoke: " + what);
    err.flush();
  }
}
