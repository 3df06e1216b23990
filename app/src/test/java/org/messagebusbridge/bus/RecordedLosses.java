package org.messagebusbridge.bus;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A listener that keeps every loss it is told of. */
public final class RecordedLosses implements Bus.ConnectionListener {
  private static final long DEADLINE_SECONDS = 60;

  private final List<BusException> causes = new CopyOnWriteArrayList<>();
  private final CountDownLatch first = new CountDownLatch(1);

  @Override
  public void lost(BusException cause) {
    causes.add(cause);
    first.countDown();
  }

  /** The first loss, waited for a minute at most. */
  public Optional<BusException> await() throws InterruptedException {
    boolean lost = first.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
    return lost ? Optional.of(causes.getFirst()) : Optional.empty();
  }

  /** How many times a loss was reported so far. */
  public int count() {
    return causes.size();
  }
}
