package org.messagebusbridge.sandbox.aws;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What came through an endpoint, in the order of the answers. Safe for use by several threads. */
public final class AwsTraffic {

  private final List<AwsCall> calls = new CopyOnWriteArrayList<>();
  private final List<String> violations = new CopyOnWriteArrayList<>();

  AwsTraffic() {}

  /** All requests, those that were refused or met a fault included. */
  public List<AwsCall> calls() {
    return List.copyOf(calls);
  }

  /**
   * The requests of one action.
   *
   * @param action as IAM writes it, such as {@code logs:PutLogEvents}
   */
  public List<AwsCall> calls(String action) {
    return calls.stream().filter(call -> call.action().equals(action)).toList();
  }

  /** How often each action was called, by its name. */
  public SortedMap<String, Integer> counts() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    calls.forEach(call -> counts.merge(call.action(), 1, Integer::sum));
    return counts;
  }

  /** What went beyond a limit of AWS's so far: a sentence for each; empty is as it should be. */
  public List<String> violations() {
    return List.copyOf(violations);
  }

  /**
   * The same, after which they are forgotten: for a test that goes beyond a limit on purpose, as
   * any that is left makes {@link AwsEndpoint#close} fail.
   */
  public List<String> takeViolations() {
    List<String> taken = violations();
    violations.removeAll(taken);
    return taken;
  }

  void answered(AwsCall call) {
    calls.add(call);
  }

  void violated(String sentence) {
    violations.add(sentence);
  }
}
