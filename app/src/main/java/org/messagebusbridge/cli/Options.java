package org.messagebusbridge.cli;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Commands and options that are told by code. picocli's annotations say the same, but it reads them
 * by reflection, and took a tenth of the bridge's start for it.
 */
final class Options {
  private Options() {}

  /**
   * A command with these options and, behind them, those for help and version.
   *
   * @param command what it runs
   */
  static CommandSpec describe(Callable<Integer> command, List<OptionSpec> options) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(command).versionProvider(new Version());
    Stream.concat(options.stream(), standard()).forEach(spec::addOption);
    return spec;
  }

  private static Stream<OptionSpec> standard() {
    return Stream.of(
        builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help message and exit.")
            .build(),
        builder("-V", "--version")
            .versionHelp(true)
            .description("Print version information and exit.")
            .build());
  }

  /** An option that is given or not. */
  static OptionSpec flag(String description, String... names) {
    return builder(names).description(description).build();
  }

  /** Whether it was given, when the command line has been parsed. */
  static boolean given(OptionSpec flag) {
    return Boolean.TRUE.equals(flag.getValue());
  }

  private static OptionSpec.Builder builder(String... names) {
    return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
        .type(boolean.class);
  }
}
