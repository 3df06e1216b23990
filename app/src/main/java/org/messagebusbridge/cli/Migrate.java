package org.messagebusbridge.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.aws.AwsException;
import org.messagebusbridge.aws.AwsSession;
import org.messagebusbridge.aws.Migration;
import org.messagebusbridge.aws.Migration.Change;
import org.messagebusbridge.aws.Migration.Step;
import org.messagebusbridge.aws.ParameterStore;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.IniContents;
import org.messagebusbridge.config.ParameterSource;
import org.messagebusbridge.observability.Printable;

/**
 * {@code -M}: writes what an INI file sets to SSM parameters, after it was all checked, and says of
 * each what became of it. With a dry run nothing is written.
 */
final class Migrate {
  private final Path file;
  private final Optional<String> region;
  private final boolean dryRun;
  private final PrintWriter out;
  private final PrintWriter err;

  Migrate(Path file, Optional<String> region, boolean dryRun, PrintWriter out, PrintWriter err) {
    this.file = file;
    this.region = region;
    this.dryRun = dryRun;
    this.out = out;
    this.err = err;
  }

  /**
   * Does it.
   *
   * @throws CommandException when the file cannot be taken, or AWS refused, or a parameter was not
   *     written
   */
  void run() throws CommandException, InterruptedException {
    IniContents contents = contents();
    String root = root();
    try (ParameterStore store = ParameterStore.open(AwsSession.ofEnvironment(), region)) {
      List<Step> plan = Migration.plan(contents, root, store);
      if (dryRun) {
        plan.forEach(step -> line(step, word(step.change())));
      } else {
        write(plan, root, store);
      }
      summarize(plan, store.region());
    } catch (AwsException e) {
      throw Aws.failed(e);
    }
  }

  private static String root() throws CommandException {
    try {
      return ParameterSource.root(System.getenv());
    } catch (ConfigurationException e) {
      throw CommandException.mistake(e);
    }
  }

  private IniContents contents() throws CommandException {
    try {
      IniContents contents = IniContents.read(file);
      contents.warnings().forEach(warning -> CommandRunner.tell(err, "warning", warning));
      List<String> flaws = Migration.flaws(contents);
      if (!flaws.isEmpty()) {
        throw CommandException.mistake(flaws, null);
      }
      return contents;
    } catch (ConfigurationException e) {
      throw CommandException.mistake(e);
    }
  }

  private void write(List<Step> plan, String root, ParameterStore store)
      throws AwsException, CommandException, InterruptedException {
    List<String> failures = new ArrayList<>();
    plan.stream().filter(step -> !step.writes()).forEach(step -> line(step, word(step.change())));
    int failed =
        Migration.run(
            plan,
            root,
            store,
            new Migration.Progress() {
              @Override
              public void written(Step step) {
                line(step, word(step.change()));
              }

              @Override
              public void failed(Step step, AwsException why) {
                line(step, "failed");
                failures.add(why.sentence());
              }
            });
    if (failed > 0) {
      failures.add(
          "%d of the parameters were not written; what was written stays, and -M can be run again."
              .formatted(failed));
      throw CommandException.failures(failures);
    }
  }

  /** What becomes of a parameter, its name, and its value as far as it may be shown. */
  private void line(Step step, String word) {
    String value =
        step.change() == Change.CHANGED
            ? step.before().map(before -> before + " -> ").orElse("") + step.entry().shown()
            : step.entry().shown();
    out.println(Printable.line("%-9s %s = %s".formatted(word, step.name(), value)).stripTrailing());
    out.flush();
  }

  private void summarize(List<Step> plan, String where) {
    Map<Change, Integer> counts = new EnumMap<>(Change.class);
    plan.forEach(step -> counts.merge(step.change(), 1, Integer::sum));
    out.println(
        "%s in %s: %d new, %d changed, %d equal, %d empty in the file and left as they are."
            .formatted(
                dryRun ? "Dry run, nothing was written" : "SSM parameters",
                where,
                counts.getOrDefault(Change.NEW, 0),
                counts.getOrDefault(Change.CHANGED, 0),
                counts.getOrDefault(Change.EQUAL, 0),
                counts.getOrDefault(Change.EMPTY, 0)));
    out.flush();
  }

  private static String word(Change change) {
    return change.name().toLowerCase(Locale.ROOT);
  }
}
