package org.messagebusbridge.sandbox.demo;

import java.util.Map;

/** Colours, where they help: on a terminal, unless {@code NO_COLOR} is set. */
enum Style {
  BOLD("1"),
  DIM("2"),
  GREEN("32"),
  YELLOW("33"),
  RED("31");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  String on(String text, boolean colour) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /**
   * Whether the output is for eyes that want colour: a terminal, which the launcher says by the
   * system property {@code mbb.terminal.out}, unless the environment has {@code NO_COLOR}
   * (no-color.org).
   */
  static boolean wanted(Map<String, String> environment) {
    return Boolean.getBoolean("mbb.terminal.out")
        && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }
}
