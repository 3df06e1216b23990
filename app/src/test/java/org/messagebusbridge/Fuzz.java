package org.messagebusbridge;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.JqwikException;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.assertj.core.presentation.StandardRepresentation;

/**
 * Tries a property on inputs that jqwik makes, each from a seed of its own. In every build it is
 * the same seeds, a number of them; with {@code -Dmbb.fuzz.seconds} each property gets new ones for
 * so long; with {@code -Dmbb.fuzz.seed} one input alone, that of a failure. An input that fails is
 * made smaller before it is shown.
 *
 * @param <T> what an input is
 */
public final class Fuzz<T> {
  private static final int SIZE = 1_000;

  /** The first numbers of neighbouring seeds are alike. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private static final int MOST_SHRINKING = 5_000;
  private static final Optional<Duration> TIME =
      property("mbb.fuzz.seconds").stream().mapToObj(Duration::ofSeconds).findFirst();
  private static final OptionalLong SEED = property("mbb.fuzz.seed");

  /** What has to hold for every input; what it throws says that it does not. */
  public interface Property<T> {
    void check(T input) throws Exception;
  }

  private final String name;
  private final RandomGenerator<T> inputs;
  private final Property<T> property;

  private Fuzz(String name, RandomGenerator<T> inputs, Property<T> property) {
    this.name = name;
    this.inputs = inputs;
    this.property = property;
  }

  /**
   * Tries a property.
   *
   * @param name of the test that does, for replaying it: {@code FrameFuzzTest}
   * @param tries how many inputs there are in every build
   */
  public static <T> void check(String name, int tries, Arbitrary<T> inputs, Property<T> property) {
    JqwikSession.run(() -> new Fuzz<>(name, inputs.generator(SIZE, true), property).run(tries));
  }

  private void run(int tries) {
    long begin = System.nanoTime();
    long first = SEED.orElseGet(() -> TIME.isPresent() ? new Random().nextInt() * 1_000_000L : 1);
    long seed = first;
    while (SEED.isPresent()
        ? seed == first
        : TIME.isPresent()
            ? System.nanoTime() - begin < TIME.get().toNanos()
            : seed < first + tries) {
      attempt(seed++);
    }
    System.out.printf(
        Locale.ROOT,
        "fuzz: %s: %d tries in %.1f s, seeds from %d%n",
        name,
        seed - first,
        (System.nanoTime() - begin) / 1e9,
        first);
  }

  private void attempt(long seed) {
    Shrinkable<T> input = inputs.next(new Random(seed * SPREAD));
    Optional<Throwable> failure = failure(input);
    if (failure.isEmpty()) {
      return;
    }
    Shrinkable<T> smallest = smallest(input);
    throw new AssertionError(
        "%s fails for the input of seed %d, made smaller: %s%n(mvn -pl app -am test -Dtest=%s -Dmbb.fuzz.seed=%d -Dsurefire.failIfNoSpecifiedTests=false runs it again)"
            .formatted(name, seed, shown(smallest), name, seed),
        failure(smallest).orElse(failure.get()));
  }

  private Shrinkable<T> smallest(Shrinkable<T> failing) {
    Shrinkable<T> smallest = failing;
    int left = MOST_SHRINKING;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      var candidates = smallest.shrink().iterator();
      while (!smaller && candidates.hasNext() && left-- > 0) {
        Shrinkable<T> candidate = candidates.next();
        if (failure(candidate).isPresent()) {
          smallest = candidate;
          smaller = true;
        }
      }
    }
    return smallest;
  }

  private Optional<Throwable> failure(Shrinkable<T> input) {
    try {
      property.check(input.value());
      return Optional.empty();
    } catch (JqwikException e) {
      throw e; // the input could not be made, which says nothing about the property
    } catch (Exception | Error e) {
      return Optional.of(e);
    }
  }

  /** The input in ASCII: what it holds may be what a terminal is not to be shown. */
  private static String shown(Shrinkable<?> input) {
    try {
      StringBuilder shown = new StringBuilder();
      String text = new StandardRepresentation().toStringOf(input.value());
      text.chars()
          .forEach(c -> shown.append(c < ' ' || c > '~' ? "\\u%04x".formatted(c) : (char) c + ""));
      return shown.toString();
    } catch (RuntimeException e) {
      return "none, for it cannot be made";
    }
  }

  private static OptionalLong property(String key) {
    String value = System.getProperty(key, "");
    return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
  }
}
