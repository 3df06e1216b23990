package org.messagebusbridge.infra;

import java.util.List;

/** Options that cannot be deployed; one sentence for each. */
final class OptionsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  OptionsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  List<String> problems() {
    return problems;
  }
}
