package org.messagebusbridge.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.messagebusbridge.config.BusModule.Side;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.ConfigurationTemplate;
import org.messagebusbridge.config.Origin;
import org.messagebusbridge.config.Problem;
import org.messagebusbridge.config.Requirements;
import org.messagebusbridge.config.Setting;
import org.messagebusbridge.observability.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code mbb config}: shows the configuration in force, or a template for one. What it shows goes
 * to standard output with exit code 0; all that is wrong goes to standard error with exit code 2.
 */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Shows the configuration in force: each value and where it came from, secrets masked.",
      "Checks it as the bridge would, without connecting to anything but SSM (with -s)."
    })
public final class ConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create(); // replaced by picocli
  @Mixin private ConfigurationOptions from = new ConfigurationOptions();

  @Option(
      names = {"-X", "--websocket-stub"},
      description = "Check for a bridge with -X: section ws_api is not needed.")
  private boolean stub;

  @Option(
      names = {"-l", "--cloudwatch-logs"},
      description = "Check for a bridge with -l: logs go to CloudWatch.")
  private boolean cloudWatchLogs;

  @Option(
      names = {"-m", "--cloudwatch-metrics"},
      description = "Check for a bridge with -m: metrics go to CloudWatch.")
  private boolean cloudWatchMetrics;

  @Option(
      names = "--template",
      description = "Print a commented INI file with every key, and exit.")
  private boolean template;

  @Option(names = "--json", description = "Print a JSON array instead of lines.")
  private boolean json;

  private final Map<String, String> environment;

  /** Reads the environment of the process. */
  public ConfigCommand() {
    this(System.getenv());
  }

  ConfigCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws CommandException {
    from.check(spec);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (template) {
      out.print(ConfigurationTemplate.text());
      out.flush();
      return ExitCode.OK;
    }
    try {
      var loaded =
          from.load(environment, Requirements.bridge(stub, cloudWatchLogs, cloudWatchMetrics));
      warn(err, loaded.warnings());
      List<String> flaws = flaws(loaded.configuration());
      if (!flaws.isEmpty()) {
        return refuse(err, flaws);
      }
      out.print(json ? json(loaded.settings()) : lines(loaded.settings()));
      out.flush();
      return ExitCode.OK;
    } catch (ConfigurationException e) {
      warn(err, e.warnings());
      return refuse(err, e.problems());
    }
  }

  /** What is wrong with the contents of files that are used; the loader looked at their names. */
  private List<String> flaws(Configuration configuration) {
    return (stub ? Stream.of(Side.MQ) : Stream.of(Side.API, Side.MQ))
        .flatMap(side -> configuration.bus(side).flaw(configuration).stream())
        .toList();
  }

  private static int refuse(PrintWriter err, List<?> errors) {
    errors.forEach(error -> CommandRunner.tell(err, "error", error));
    return ExitCode.USAGE;
  }

  private static void warn(PrintWriter err, List<Problem> warnings) {
    warnings.forEach(warning -> CommandRunner.tell(err, "warning", warning));
  }

  private static String lines(List<Setting> settings) {
    int width =
        settings.stream()
            .mapToInt(setting -> assignment(setting).length())
            .filter(n -> n <= 72)
            .max()
            .orElse(0);
    StringBuilder text = new StringBuilder();
    for (Setting setting : settings) {
      String assignment = assignment(setting);
      text.append(assignment).append(" ".repeat(Math.max(0, width - assignment.length())));
      text.append("   (").append(origin(setting)).append(")\n");
    }
    return text.toString();
  }

  private static String assignment(Setting setting) {
    return Printable.line(setting.key() + " = " + setting.value().orElse("")).stripTrailing();
  }

  private static String origin(Setting setting) {
    Origin origin = setting.origin();
    return origin.equals(Origin.DEFAULT) || origin.equals(Origin.NOT_SET)
        ? origin.text()
        : "from " + Printable.line(origin.toString());
  }

  private static String json(List<Setting> settings) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.enable(
          JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature()); // it may be read on a terminal
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartArray();
      for (Setting setting : settings) {
        json.writeStartObject();
        json.writeStringField("section", setting.key().section().title());
        json.writeStringField("key", setting.key().name());
        if (setting.value().isPresent()) {
          json.writeStringField("value", setting.value().get());
        } else {
          json.writeNullField("value");
        }
        json.writeStringField("origin", setting.origin().text());
        json.writeEndObject();
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text + "\n";
  }
}
