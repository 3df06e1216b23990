package org.messagebusbridge.aws;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.aws.ParameterStore.Stored;
import org.messagebusbridge.config.IniContents;
import org.messagebusbridge.config.IniContents.Entry;
import org.messagebusbridge.config.ParameterSource;

/**
 * Takes what an INI file sets to parameters, each as a SecureString, over those that are there.
 * Parameters of keys that the file does not have are left alone.
 */
public final class Migration {
  /** Less than half of what AWS lets all of an account write in a second. */
  private static final Duration PACE = Duration.ofMillis(60);

  /** SSM API reference, PutParameter, {@code Value}. */
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{.*?}}", Pattern.DOTALL);

  private Migration() {}

  /** What becomes of a parameter. */
  public enum Change {
    /** There is none yet. */
    NEW,
    /** There is one with another value, or one that is no SecureString. */
    CHANGED,
    /** There is one with that value. */
    EQUAL,
    /** The file has no value for it, and a parameter always has one: what is there stays. */
    EMPTY
  }

  /**
   * One parameter.
   *
   * @param name in full
   * @param entry what the file says
   * @param change what becomes of it
   * @param before the value that is there, as it may be shown; empty when there is none
   */
  public record Step(String name, Entry entry, Change change, Optional<String> before) {
    /** Whether there is anything to do. */
    public boolean writes() {
      return change == Change.NEW || change == Change.CHANGED;
    }
  }

  /** Hears what becomes of each step that writes, as it does. */
  public interface Progress {
    /** It was written. */
    void written(Step step);

    /** It was not. The others are tried all the same. */
    void failed(Step step, AwsException why);
  }

  /**
   * What in the file no parameter can hold, a sentence for each. Has to be empty before anything is
   * written.
   */
  public static List<String> flaws(IniContents contents) {
    return contents.entries().stream().flatMap(entry -> flaw(entry).stream()).toList();
  }

  private static Optional<String> flaw(Entry entry) {
    String value = entry.value();
    if (value.length() > ParameterStore.MAX_VALUE) {
      return Optional.of(
          "%s: the value has %,d characters, but an SSM parameter holds %,d at most; shorten it, or keep it in the environment."
              .formatted(entry, value.length(), ParameterStore.MAX_VALUE));
    }
    return REFERENCE.matcher(value).find()
        ? Optional.of(
            "%s: the value holds {{...}}, which SSM takes for a reference to another parameter and refuses; change it."
                .formatted(entry))
        : Optional.empty();
  }

  /**
   * Compares the file with what is there.
   *
   * @param root what the names of the parameters begin with
   * @return a step for each key of the file, in its order
   * @throws AwsException when the parameters cannot be read
   */
  public static List<Step> plan(IniContents contents, String root, ParameterStore store)
      throws AwsException {
    Map<String, Stored> there = store.read(root);
    return contents.entries().stream()
        .map(
            entry -> {
              String name = ParameterSource.nameOf(root, entry.key());
              return step(name, entry, there.get(name));
            })
        .toList();
  }

  private static Step step(String name, Entry entry, @Nullable Stored stored) {
    if (stored == null) {
      return new Step(
          name, entry, entry.value().isEmpty() ? Change.EMPTY : Change.NEW, Optional.empty());
    }
    Change change =
        entry.value().isEmpty()
            ? Change.EMPTY
            : stored.secure() && stored.value().equals(entry.value())
                ? Change.EQUAL
                : Change.CHANGED;
    return new Step(name, entry, change, Optional.of(entry.shown(stored.value())));
  }

  /**
   * Writes what is new or changed, no faster than an account lets it. What is encrypted under a key
   * of the account's own stays under that.
   *
   * @param root as for {@link #plan}
   * @return how many steps failed
   * @throws AwsException when it cannot be told under which keys parameters are that are written
   *     over; nothing is written then
   * @throws InterruptedException when the calling thread is interrupted between two steps
   */
  public static int run(List<Step> plan, String root, ParameterStore store, Progress progress)
      throws AwsException, InterruptedException {
    boolean over = plan.stream().anyMatch(step -> step.change() == Change.CHANGED);
    Map<String, String> keys = over ? store.keys(root) : Map.of();
    int failed = 0;
    for (Step step : plan) {
      if (!step.writes()) {
        continue;
      }
      try {
        store.write(step.name(), step.entry().value(), Optional.ofNullable(keys.get(step.name())));
        progress.written(step);
      } catch (AwsException e) {
        failed++;
        progress.failed(step, e);
      }
      Thread.sleep(PACE);
    }
    return failed;
  }
}
