package org.messagebusbridge.sandbox;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Which handshakes are refused before anything else is looked at; changed at any time, by any
 * thread.
 */
final class RefusalGate {
  private final AtomicReference<Optional<Rule>> rule = new AtomicReference<>(Optional.empty());

  private record Rule(HttpRefusal refusal, BooleanSupplier holds) {}

  /** Refuses while the condition holds; it is asked once for each handshake. */
  void refuseWhile(HttpRefusal refusal, BooleanSupplier condition) {
    rule.set(Optional.of(new Rule(refusal, condition)));
  }

  void accept() {
    rule.set(Optional.empty());
  }

  Optional<HttpRefusal> next() {
    return rule.get().filter(now -> now.holds().getAsBoolean()).map(Rule::refusal);
  }
}
