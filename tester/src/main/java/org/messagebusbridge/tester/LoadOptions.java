package org.messagebusbridge.tester;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags that say how many messages go, how fast, and how large. */
final class LoadOptions {

  private static final int USUAL_NUMBER = 8;
  private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(86_400);
  private static final BigDecimal LOWEST_RATE = new BigDecimal("0.0001");
  private static final BigDecimal HIGHEST_RATE = BigDecimal.valueOf(1_000_000);
  private static final Duration USUAL_LOAD = Duration.ofSeconds(10);
  private static final int LARGEST_WINDOW = 1_000_000;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create(); // replaced by picocli

  @Option(
      names = {"-n", "--number"},
      paramLabel = "N",
      description = "How many messages to send (8, unless --rate or --duration say it).")
  private Optional<Integer> number = Optional.empty();

  @Option(
      names = {"-d", "--delay"},
      paramLabel = "SECONDS",
      description =
          "From one message to the next, with a fraction if need be (1); 0: as fast as the broker"
              + " takes them.")
  private Optional<BigDecimal> delay = Optional.empty();

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "Messages a second, instead of -d; one line a second says how it goes, not several a"
              + " message. For 10 seconds, unless -n or --duration say otherwise.")
  private Optional<BigDecimal> rate = Optional.empty();

  @Option(names = "--duration", paramLabel = "SECONDS", description = "How long to send, at most.")
  private Optional<BigDecimal> duration = Optional.empty();

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description =
          "How large the messages are: 1000, or a range, 100-5000 (their text alone, some 25"
              + " bytes).")
  private Optional<String> size = Optional.empty();

  @Option(
      names = "--binary",
      description = "Bodies that are no text, so they go over the WebSocket in binary frames.")
  private boolean binary;

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "How many messages may be out at once (any number).")
  private Optional<Integer> window = Optional.empty();

  @Option(
      names = "--direct",
      description =
          "Leave the bridge out: send to mq_qname_from_ws, where the messages are received. It"
              + " shows what tester and broker take of the round trips.")
  private boolean direct;

  /** Whether the messages go past the bridge. */
  boolean isDirect() {
    return direct;
  }

  /** Whether every message is to be followed, rather than the load. */
  boolean isForEyes() {
    return rate.isEmpty();
  }

  /** Whether nothing is to be sent, which makes sense for an echo alone. */
  boolean isNothing() {
    return number.isPresent() && number.get() == 0;
  }

  Schedule schedule() {
    if (rate.isPresent() && delay.isPresent()) {
      throw wrong("--rate and -d both say how fast to send; leave one out");
    }
    int most = MessageLog.MAX_MESSAGES;
    if (number.isPresent() && (number.get() < 1 || number.get() > most)) {
      throw wrong("-n has to be from 1 to %d, not %d".formatted(most, number.get()));
    }
    Optional<Duration> time = duration.map(given -> seconds("--duration", given));
    if (time.isPresent() && time.get().isZero()) {
      throw wrong("--duration has to be more than 0 seconds");
    }
    double apart =
        rate.isPresent() ? 1e9 / rate() : seconds("-d", delay.orElse(BigDecimal.ONE)).toNanos();
    if (rate.isPresent() && number.isEmpty() && time.isEmpty()) {
      time = Optional.of(USUAL_LOAD);
    }
    if (number.isEmpty() && time.isPresent() && apart > 0) {
      double total = time.get().toNanos() / apart;
      if (total > most) {
        throw wrong(
            "that is %.0f messages, where a run can have %d; lower --rate or --duration"
                .formatted(total, most));
      }
    }
    return new Schedule(number.orElse(time.isPresent() ? most : USUAL_NUMBER), apart, time);
  }

  private double rate() {
    BigDecimal given = rate.orElse(BigDecimal.ONE);
    if (given.compareTo(LOWEST_RATE) < 0 || given.compareTo(HIGHEST_RATE) > 0) {
      throw wrong(
          "--rate has to be from %s to %s messages a second, not %s"
              .formatted(LOWEST_RATE, HIGHEST_RATE, given));
    }
    return given.doubleValue();
  }

  Payload payload() {
    Matcher form = SIZE.matcher(size.orElse("0"));
    if (form.matches()) {
      int smallest = Integer.parseInt(form.group(1));
      int largest = form.group(2) == null ? smallest : Integer.parseInt(form.group(2));
      if (smallest <= largest && largest <= Payload.MAX_SIZE) {
        return Payload.of(smallest, largest, binary);
      }
    }
    throw wrong(
        "--size has to be a number of bytes (1000) or a range (100-5000), up to %d, not '%s'"
            .formatted(Payload.MAX_SIZE, size.orElse("")));
  }

  int window() {
    if (window.isPresent() && (window.get() < 1 || window.get() > LARGEST_WINDOW)) {
      throw wrong(
          "--window has to be from 1 to %d, not %d".formatted(LARGEST_WINDOW, window.get()));
    }
    return window.orElse(0);
  }

  /** A flag's seconds, of 0 to a day. */
  Duration seconds(String flag, BigDecimal seconds) {
    if (seconds.signum() < 0 || seconds.compareTo(LONGEST_SECONDS) > 0) {
      throw wrong(
          "%s has to be from 0 to %s seconds, not %s".formatted(flag, LONGEST_SECONDS, seconds));
    }
    return Duration.ofNanos(seconds.movePointRight(9).longValue());
  }

  /** A flag's milliseconds, of more than 0 to a day. */
  Duration millis(String flag, BigDecimal millis) {
    if (millis.signum() <= 0 || millis.compareTo(LONGEST_SECONDS.movePointRight(3)) > 0) {
      throw wrong(
          "%s has to be more than 0 and at most %s milliseconds, not %s"
              .formatted(flag, LONGEST_SECONDS.movePointRight(3).toPlainString(), millis));
    }
    return Duration.ofNanos(millis.movePointRight(6).longValue());
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
