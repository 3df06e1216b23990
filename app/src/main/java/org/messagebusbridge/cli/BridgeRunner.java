package org.messagebusbridge.cli;

/** Runs a bridge until it ends. */
@FunctionalInterface
interface BridgeRunner {

  /**
   * Runs it.
   *
   * @return the exit code
   * @throws CommandException with the reason when the bridge ended because it failed
   */
  int run(BridgeRun run) throws CommandException, InterruptedException;
}
