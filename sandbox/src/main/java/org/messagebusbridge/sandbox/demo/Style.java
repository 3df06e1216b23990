package org.messagebusbridge.sandbox.demo;

import java.io.Console;
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

  /** Whether this process's output is for eyes that want colour. */
  static boolean wanted(Map<String, String> environment) {
    Console console = System.console();
    return console != null
        && console.isTerminal()
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "dumb").equals("dumb");
  }
}
