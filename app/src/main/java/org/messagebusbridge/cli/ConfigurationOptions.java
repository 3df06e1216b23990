package org.messagebusbridge.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.ConfigurationLoader;
import org.messagebusbridge.config.ConfigurationLoader.Loaded;
import org.messagebusbridge.config.Requirements;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where a configuration comes from: the flags that commands have in common. */
final class ConfigurationOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The INI file (default: ${DEFAULT-VALUE}).")
  private Path file = ConfigurationLoader.DEFAULT_FILE;

  @Option(
      names = {"-s", "--ssm"},
      description = "Read the SSM parameters /mq2wsbridge/<section>/<key> instead of the file.")
  private boolean ssm;

  @Option(
      names = {"-r", "--ssm-region"},
      paramLabel = "REGION",
      description =
          "The AWS region of the SSM parameters (with -s); else that of the environment, the"
              + " profile, the ECS task or the EC2 instance.")
  private Optional<String> region = Optional.empty();

  Path file() {
    return file;
  }

  boolean ssm() {
    return ssm;
  }

  Optional<String> region() {
    return region;
  }

  /**
   * Checks the flags themselves.
   *
   * @throws ParameterException when they make no sense
   */
  void check(CommandSpec spec) {
    if (region.isPresent() && !ssm) {
      throw new ParameterException(
          spec.commandLine(), "-r (--ssm-region) needs -s (--ssm): it says where SSM is.");
    }
    if (region.filter(String::isBlank).isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "-r (--ssm-region) is empty; name a region, such as eu-west-1.");
    }
  }

  /**
   * Reads the configuration, without the secrets that it names.
   *
   * @throws ConfigurationException with all that is wrong in it
   * @throws CommandException when AWS does not give it
   */
  Loaded load(Map<String, String> environment, Requirements requirements)
      throws ConfigurationException, CommandException {
    return ssm
        ? Aws.parameters(region, environment, requirements)
        : ConfigurationLoader.load(file, environment, requirements);
  }
}
