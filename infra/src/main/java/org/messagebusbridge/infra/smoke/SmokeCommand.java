package org.messagebusbridge.infra.smoke;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.messagebusbridge.cli.CommandRunner;
import org.messagebusbridge.infra.smoke.aws.AwsCloud;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command. */
@Command(
    name = "mbb smoke",
    mixinStandardHelpOptions = true,
    description =
        "Makes a round trip on a stack that is deployed: the tester and a stub, as a task, through"
            + " queues of their own. Shows the tester's log as it comes.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  mbb smoke",
      "  mbb smoke --stack Bridge2 --region eu-west-1 -- --ssm --number 1000 --rate 200",
      "",
      "Exit code: the tester's, 0 when all messages came back; 1 when it did not run;",
      "2 for a mistake, such as a stack that is not there.",
      "Credentials come from where AWS's tools look for them."
    })
public final class SmokeCommand implements Callable<Integer> {
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

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "How long all of it may take (${DEFAULT-VALUE}).")
  private int timeout;

  @Parameters(
      paramLabel = "ARGUMENTS",
      description = "For the tester, after --, instead of those that the stack gives it.")
  private List<String> arguments = List.of();

  @Spec private CommandSpec spec = CommandSpec.create(); // replaced by picocli

  /** Runs it and ends with its exit code. */
  public static void main(String[] args) {
    System.exit(CommandRunner.commandLine(new SmokeCommand(), "mbb smoke").execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    if (timeout < 1) {
      throw new ParameterException(
          spec.commandLine(), "--timeout is " + timeout + "; give seconds, 1 or more.");
    }
    PrintWriter err = spec.commandLine().getErr();
    try (Cloud cloud = AwsCloud.open(region)) {
      return new SmokeRun(cloud, new Clock(), spec.commandLine().getOut(), err)
          .run(stack, arguments, Duration.ofSeconds(timeout));
    } catch (SmokeException e) {
      err.println("error: " + e.getMessage());
      err.flush();
      return e.exitCode();
    }
  }

  private static final class Clock implements SmokeRun.Pace {
    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
      Thread.sleep(time);
    }
  }
}
