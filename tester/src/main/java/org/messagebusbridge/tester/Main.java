package org.messagebusbridge.tester;

import java.util.logging.LogManager;

/** The tester's process. */
public final class Main {

  private Main() {}

  /** Runs the tester and ends the process with its exit code. */
  public static void main(String[] args) {
    // The AMQP client logs what the tester says itself, in its own words.
    LogManager.getLogManager().reset();
    System.exit(TesterCommand.commandLine(System.getenv()).execute(args));
  }
}
