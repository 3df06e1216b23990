package org.messagebusbridge.endtoend;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Work beside the test's own thread. */
final class Background {
  private Background() {}

  /** Runs it at once; the future has its result or its failure. */
  static <T> CompletableFuture<T> run(Callable<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                done.complete(work.call());
              } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }
}
