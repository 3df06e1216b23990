package org.messagebusbridge.infra.teardown;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.messagebusbridge.cli.CommandRunner;
import org.messagebusbridge.infra.teardown.Found.Deployed;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command. */
@Command(
    name = "mbb teardown",
    mixinStandardHelpOptions = true,
    description = {
      "Tells what there is at AWS of a stack: its stacks, and what they leave: log groups and",
      "repositories of images. With --yes it deletes all of that, the broker with the messages in",
      "its queues included."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  mbb teardown --stack Bridge2",
      "  mbb teardown --stack Bridge2 --yes",
      "",
      "Exit code: 0; 1 when something could not be deleted; 2 for a mistake, such as a stack of",
      "which there is nothing."
    })
public final class TeardownCommand implements Callable<Integer> {
  private static final Duration PACE = Duration.ofSeconds(5);

  @Option(
      names = "--stack",
      paramLabel = "NAME",
      defaultValue = "MessageBusBridge",
      description = "The stack (${DEFAULT-VALUE}).")
  private String stack = "";

  @Option(
      names = {"-r", "--region"},
      paramLabel = "REGION",
      description = "Where it is; else where the environment says.")
  private Optional<String> region = Optional.empty();

  @Option(names = "--yes", description = "Delete; without it nothing is changed.")
  private boolean yes;

  @Spec private CommandSpec spec = CommandSpec.create(); // replaced by picocli

  /** Runs it and ends with its exit code. */
  public static void main(String[] args) {
    System.exit(CommandRunner.commandLine(new TeardownCommand(), "mbb teardown").execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try (Account account = new Account(region)) {
      run(account);
      return 0;
    } catch (TeardownException e) {
      err.println("error: " + e.getMessage());
      err.flush();
      return e.exitCode();
    }
  }

  private void run(Account account) throws TeardownException, InterruptedException {
    Found found = account.find(stack);
    if (found.isEmpty()) {
      throw new TeardownException(
          2, "there is nothing of a stack " + stack + " here; name another with --stack.");
    }
    found.stacks().forEach(deployed -> line("stack", deployed.line()));
    found.broker().ifPresent(id -> line("broker", id + ", with the messages in its queues"));
    found.logGroups().forEach(group -> line("log group", group));
    found.repositories().forEach(repository -> line("repository", repository));
    if (!yes) {
      say("Nothing was deleted; --yes deletes all of that.");
      return;
    }
    for (Deployed deployed : found.stacks()) {
      delete(account, deployed);
    }
    // Those found before, for the broker's cannot be told once it is gone; and what came since.
    Found left = account.find(stack);
    Set<String> groups = new TreeSet<>(found.logGroups());
    groups.addAll(left.logGroups());
    for (String group : groups) {
      account.deleteLogGroup(group);
    }
    for (String repository : left.repositories()) {
      account.deleteRepository(repository);
    }
    say("All of that is deleted.");
  }

  private void delete(Account account, Deployed deployed)
      throws TeardownException, InterruptedException {
    say("deleting " + deployed.name());
    account.deleteStack(deployed);
    while (true) {
      Optional<String> status = account.status(deployed.name());
      if (status.isEmpty()) {
        return;
      }
      if (status.get().equals("DELETE_FAILED")) {
        throw new TeardownException(
            1,
            "the stack %s could not be deleted; its events in CloudFormation say why. What was before it is deleted, and this can be run again."
                .formatted(deployed.name()));
      }
      Thread.sleep(PACE);
    }
  }

  private void line(String kind, String what) {
    say("%-10s  %s".formatted(kind, what));
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
