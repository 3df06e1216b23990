package org.messagebusbridge.tester;

import org.messagebusbridge.observability.LogSetup;

/** The tester's process. */
public final class Main {

  private Main() {}

  /** Runs the tester and ends the process with its exit code. */
  public static void main(String[] args) {
    // The AMQP client logs what the tester says itself, in its own words.
    LogSetup.silence();
    System.exit(TesterCommand.commandLine(System.getenv()).execute(args));
  }
}
