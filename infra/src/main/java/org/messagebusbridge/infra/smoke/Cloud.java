package org.messagebusbridge.infra.smoke;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the smoke test asks of AWS. Used by one thread, but for {@link #stop}. */
public interface Cloud extends AutoCloseable {

  /**
   * The outputs of a stack, by name.
   *
   * @throws SmokeException when there is no such stack, or it cannot be looked at
   */
  Map<String, String> outputs(String stack) throws SmokeException;

  /**
   * Starts a task of Fargate, without an address of its own.
   *
   * @param arguments for its container instead of those that the task definition has; empty: those
   * @return its ARN
   * @throws SmokeException when it does not start
   */
  String start(Deployed deployed, List<String> arguments) throws SmokeException;

  /**
   * How a task is.
   *
   * @throws SmokeException when it cannot be told
   */
  Task task(Deployed deployed, String arn) throws SmokeException;

  /**
   * What a log stream has from a point on; nothing while it is not there.
   *
   * @param from a token that the last call gave, or empty for the beginning
   * @throws SmokeException when it cannot be read
   */
  Page log(String group, String stream, Optional<String> from) throws SmokeException;

  /** Stops a task, and says nothing when it cannot. */
  void stop(Deployed deployed, String arn, String reason);

  @Override
  void close();

  /**
   * A task.
   *
   * @param status such as PENDING, RUNNING, STOPPED
   * @param exitCode of its container, once it has ended
   * @param reason why it stopped, as ECS says
   */
  record Task(String status, Optional<Integer> exitCode, Optional<String> reason) {
    boolean hasStopped() {
      return status.equals("STOPPED");
    }
  }

  /**
   * Lines of a log.
   *
   * @param next where to go on
   */
  record Page(List<String> lines, Optional<String> next) {}
}
