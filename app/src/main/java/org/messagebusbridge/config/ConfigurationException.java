package org.messagebusbridge.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration is not usable: the user's mistake, exit code 2. Holds every error that was
 * found, and the warnings, for one often explains the other. Nothing in it is secret.
 */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;
  private final transient List<Problem> warnings;

  /** With the errors, and what was warned about besides. */
  public ConfigurationException(List<Problem> problems, List<Problem> warnings) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
    this.warnings = List.copyOf(warnings);
  }

  /** The errors, at least one; each is a line for standard error. */
  public List<Problem> problems() {
    return problems;
  }

  /** What was warned about besides. */
  public List<Problem> warnings() {
    return warnings;
  }
}
