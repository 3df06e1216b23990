package org.messagebusbridge.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.ConfigurationLoader;
import org.messagebusbridge.config.ConfigurationLoader.Loaded;
import org.messagebusbridge.config.Requirements;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Where a configuration comes from: the flags that commands have in common. */
final class ConfigurationOptions {
  private final OptionSpec file =
      OptionSpec.builder("-c", "--config")
          .paramLabel("FILE")
          .type(Path.class)
          .converters(Path::of) // picocli's own works by reflection
          .defaultValue(ConfigurationLoader.DEFAULT_FILE.toString())
          .description("The INI file (default: ${DEFAULT-VALUE}).")
          .build();

  private final OptionSpec ssm =
      Options.flag(
          "Read the SSM parameters /mq2wsbridge/<section>/<key> instead of the file.",
          "-s",
          "--ssm");

  private final OptionSpec region =
      OptionSpec.builder("-r", "--ssm-region")
          .paramLabel("REGION")
          .type(String.class)
          .description(
              "The AWS region of the SSM parameters (with -s); else that of the environment, the"
                  + " profile, the ECS task or the EC2 instance.")
          .build();

  /** In the order of the help. */
  List<OptionSpec> all() {
    return List.of(file, ssm, region);
  }

  Path file() {
    return file.getValue();
  }

  boolean ssm() {
    return Options.given(ssm);
  }

  Optional<String> region() {
    return Optional.ofNullable(region.getValue());
  }

  /**
   * Checks the flags themselves.
   *
   * @throws ParameterException when they make no sense
   */
  void check(CommandSpec spec) {
    if (region().isPresent() && !ssm()) {
      throw new ParameterException(
          spec.commandLine(), "-r (--ssm-region) needs -s (--ssm): it says where SSM is.");
    }
    if (region().filter(String::isBlank).isPresent()) {
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
    return ssm()
        ? Aws.parameters(region(), environment, requirements)
        : ConfigurationLoader.load(file(), environment, requirements);
  }
}
