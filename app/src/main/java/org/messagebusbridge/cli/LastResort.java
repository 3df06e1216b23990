package org.messagebusbridge.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.messagebusbridge.observability.LogSetup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What no code was written for ends the process, with a sentence and exit code 3, as the JVM itself
 * does when memory runs out: a bridge of which a thread is missing would stay up and do nothing.
 */
final class LastResort {
  /** That of {@code -XX:+ExitOnOutOfMemoryError}. */
  static final int EXIT_CODE = 3;

  private static final Logger log = LoggerFactory.getLogger(LastResort.class);

  private LastResort() {}

  /** From now on a thread that ends by a throwable nobody caught ends the bridge. */
  static void guard(Consumer<Throwable> endTheBridge) {
    AtomicBoolean ending = new AtomicBoolean();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          log.atError()
              .addKeyValue("thread", thread.getName())
              .setCause(failure)
              .log("A thread ended that should not have");
          if (ending.compareAndSet(false, true)) {
            end(endTheBridge, failure);
          }
        });
  }

  /** Where not even that can be done, a class for it being out of reach perhaps, at once. */
  private static void end(Consumer<Throwable> endTheBridge, Throwable failure) {
    try {
      endTheBridge.accept(failure);
    } catch (RuntimeException | Error e) {
      try {
        tell(failure);
      } finally {
        Runtime.getRuntime().halt(EXIT_CODE);
      }
    }
  }

  /** What happened, for an operator. */
  static String sentence(Throwable failure) {
    if (says(failure, "Too many open files")) {
      return "This process may not open as many files and connections as it needs: raise its limit"
          + " (ulimit -n; LimitNOFILE of systemd; ulimits of a container) to 1024 or more.";
    }
    if (says(failure, "native thread")) {
      return "This process cannot have as many threads as it needs: raise its limit (ulimit -u;"
          + " TasksMax of systemd; pids of a container) or free memory on this machine.";
    }
    return "The bridge met what it cannot go on after: %s. Start it again; should it come again,"
            .formatted(failure)
        + " please report it with what '-d' shows.";
  }

  private static boolean says(Throwable failure, String words) {
    Throwable link = failure;
    for (int depth = 0; link != null && depth < 10; depth++) {
      if (String.valueOf(link.getMessage()).contains(words)) {
        return true;
      }
      link = link.getCause();
    }
    return false;
  }

  /**
   * Tells it when there is nothing more to drain.
   *
   * @return the exit code
   */
  static int tell(Throwable failure) {
    log.atError().log(sentence(failure));
    log.atDebug().setCause(failure).log("The command failed");
    LogSetup.flush();
    return EXIT_CODE;
  }
}
