package org.messagebusbridge.sandbox.demo;

import java.util.Optional;
import java.util.function.Consumer;

/** Follows the tester by its output, line by line, and has the view show what comes back. */
final class Progress implements Consumer<String> {

  private final DemoView view;
  private int back;
  private long begin;
  private long last;
  private Optional<TesterOutput.Totals> totals = Optional.empty();

  Progress(DemoView view) {
    this.view = view;
  }

  @Override
  public synchronized void accept(String line) {
    TesterOutput.parse(line).ifPresent(this::accept);
  }

  private void accept(TesterOutput output) {
    switch (output) {
      case TesterOutput.CameBack message -> {
        last = System.nanoTime();
        if (back++ == 0) {
          begin = last - message.roundTrip().toNanos();
        }
        view.cameBack(message.roundTrip());
      }
      case TesterOutput.Totals end -> totals = Optional.of(end);
    }
  }

  /** The tester's account; empty as long as it has not ended, or when it could not begin. */
  synchronized Optional<TesterOutput.Totals> totals() {
    return totals;
  }

  /** How many messages came back a second, from when the first was sent until the last was back. */
  synchronized double perSecond() {
    return back == 0 ? 0 : back * 1e9 / Math.max(1, last - begin);
  }
}
