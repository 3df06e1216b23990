package org.messagebusbridge.sandbox.faults;

import java.util.List;

/**
 * One row of the fault matrix: what is done to a running system, and what that may cost.
 *
 * @param name as the table has it
 * @param targets where it runs
 * @param injection does it
 * @param bridges how they run
 */
public record Row(
    String name,
    List<Target> targets,
    Setup setup,
    Limits limits,
    Injection injection,
    BridgeKind bridges) {

  /** What is done while messages flow. */
  @FunctionalInterface
  public interface Injection {
    /**
     * Injects the faults, each by {@link Stage#fault}, and returns when the last is over. The
     * engine then lets everything settle and takes account.
     */
    void into(Stage stage) throws Exception;
  }

  /** A row on all targets, with the standard load, that may cost a window of duplicates a fault. */
  public static Row of(String name, Injection injection) {
    return new Row(name, Target.ALL, Setup.STANDARD, Limits.WINDOWS, injection, BridgeKind.SHIPPED);
  }

  /** The same, with another setup. */
  public Row with(Setup other) {
    return new Row(name, targets, other, limits, injection, bridges);
  }

  /** The same, with something else that is done. */
  public Row into(Injection other) {
    return new Row(name, targets, setup, limits, other, bridges);
  }

  /** The same, within other limits. */
  public Row within(Limits other) {
    return new Row(name, targets, setup, other, injection, bridges);
  }

  /** The same, on these targets alone. */
  public Row on(Target... some) {
    return new Row(name, List.of(some), setup, limits, injection, bridges);
  }

  /** The same, with bridges of another kind. */
  public Row by(BridgeKind kind) {
    return new Row(name, targets, setup, limits, injection, kind);
  }

  /** How often, in words: {@code once}, {@code 3 times}. */
  static String times(int count) {
    return count == 1 ? "once" : count + " times";
  }
}
