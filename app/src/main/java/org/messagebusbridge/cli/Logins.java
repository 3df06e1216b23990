package org.messagebusbridge.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.messagebusbridge.config.BusModule.Side;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.relay.Renewal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both sides log in with, as it was read last. Everything else of a configuration stays as it
 * was at the start. Any thread.
 */
public final class Logins implements Renewal {
  private static final Logger log = LoggerFactory.getLogger(Logins.class);

  private final Configuration initial;
  private final Origin origin;
  private volatile Configuration latest;

  /** Where the configuration came from: file, environment, parameters, secrets. */
  @FunctionalInterface
  interface Origin {
    /** Reads all of it. */
    Configuration read() throws CommandException;
  }

  private Logins(Configuration initial, Origin origin) {
    this.initial = initial;
    this.origin = origin;
    this.latest = initial;
  }

  /** Those of a configuration that cannot be read again. */
  public static Logins of(Configuration configuration) {
    return new Logins(configuration, () -> configuration);
  }

  /**
   * Those of a configuration that can.
   *
   * @param configuration what was read from there
   */
  static Logins of(Configuration configuration, Origin origin) {
    return new Logins(configuration, origin);
  }

  /** What was read at the start. */
  Configuration initial() {
    return initial;
  }

  /** The same with the credentials of now. */
  Configuration latest() {
    return latest;
  }

  /** On a thread of its own, for not all that reads can be interrupted. */
  @Override
  public boolean renew() throws InterruptedException {
    CompletableFuture<Configuration> reading = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("credentials")
        .start(
            () -> {
              try {
                reading.complete(origin.read());
              } catch (CommandException | RuntimeException | Error e) {
                reading.completeExceptionally(e);
              }
            });
    try {
      Configuration now = reading.get();
      latest =
          initial
              .with(initial.bus(Side.MQ).credentials(), now)
              .with(initial.bus(Side.API).credentials(), now);
      log.info("The credentials were read again");
      return true;
    } catch (ExecutionException e) {
      String why =
          e.getCause() instanceof CommandException told
              ? String.join(" ", told.sentences())
              : String.valueOf(e.getCause());
      log.warn("The credentials could not be read again, and stay as they were: {}", why);
      return false;
    }
  }
}
