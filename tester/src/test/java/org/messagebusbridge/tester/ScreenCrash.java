package org.messagebusbridge.tester;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.AttributedString;

/** A process whose screen fails, or which fails itself while its screen is shown. */
final class ScreenCrash {

  private ScreenCrash() {}

  /** The argument is {@code draw} or {@code main}. */
  public static void main(String[] args) throws Exception {
    boolean whenDrawn = args[0].equals("draw");
    AtomicInteger drawn = new AtomicInteger();
    CountDownLatch seen = new CountDownLatch(3);
    Screen screen =
        new Screen(
            Terminals.open(System.getenv()).orElseThrow(),
            (columns, rows) -> {
              seen.countDown();
              if (whenDrawn && drawn.incrementAndGet() == 3) {
                throw new IllegalStateException("on purpose");
              }
              return List.of(new AttributedString("x".repeat(columns)));
            });
    Runtime.getRuntime().addShutdownHook(new Thread(screen::hide));
    screen.show();
    seen.await();
    if (!whenDrawn) {
      throw new IllegalStateException("on purpose");
    }
    Optional<String> failure = Await.value("the failure", screen::takeFailure, Optional::isPresent);
    System.out.println(failure.orElseThrow());
  }
}
