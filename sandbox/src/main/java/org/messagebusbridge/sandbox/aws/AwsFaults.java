package org.messagebusbridge.sandbox.aws;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * What goes wrong with requests, by action as IAM writes it ({@code ssm:PutParameter}). A fault
 * answers in the emulator's place, so that nothing is done. For what goes wrong below HTTP there is
 * {@link AwsEndpoint#network}. Safe for use by several threads.
 */
public final class AwsFaults {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final Map<String, Rate> rates = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  AwsFaults() {
    this(System::nanoTime);
  }

  AwsFaults(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** From now on this action is denied. */
  public void deny(String action) {
    fail(action, AwsError.accessDenied(action));
  }

  /** From now on this action fails. */
  public void fail(String action, AwsError error) {
    fail(action, error, Integer.MAX_VALUE);
  }

  /** The next so many requests of this action fail. */
  public void fail(String action, AwsError error, int times) {
    faults.put(action, new Fault(error, new AtomicInteger(times)));
  }

  /** From now on no more than so many requests of this action pass in any second. */
  public void limitRate(String action, int perSecond) {
    rates.put(action, new Rate(perSecond));
  }

  /** All is well again. */
  public void clear() {
    faults.clear();
    rates.clear();
  }

  Optional<AwsError> of(String action) {
    Fault fault = faults.get(action);
    if (fault != null && fault.left().getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return Optional.of(fault.error());
    }
    Rate rate = rates.get(action);
    return rate == null || rate.takes(nanoTime.getAsLong())
        ? Optional.empty()
        : Optional.of(AwsError.throttling());
  }

  private record Fault(AwsError error, AtomicInteger left) {}

  /** A window of one second that slides. */
  private static final class Rate {
    private final int perSecond;
    private final ArrayDeque<Long> taken = new ArrayDeque<>();

    Rate(int perSecond) {
      this.perSecond = perSecond;
    }

    synchronized boolean takes(long now) {
      while (!taken.isEmpty() && now - taken.peek() > SECOND.toNanos()) {
        taken.remove();
      }
      return taken.size() < perSecond && taken.add(now);
    }
  }
}
