package org.messagebusbridge.sandbox.aws;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.messagebusbridge.sandbox.SandboxException;

/** A running emulator of AWS. */
interface Emulator extends AutoCloseable {

  /** Where it answers, on loopback. */
  URI uri();

  /** {@code localemu 1.3.2}, for instance. */
  String name();

  @Override
  void close();

  /**
   * Starts one: LocalStack where Docker is, localemu otherwise and for what LocalStack does not do
   * without a licence. {@code MBB_TEST_AWS=localemu} takes that in any case.
   *
   * @throws SandboxException when there is neither, or it does not start
   */
  static Emulator start(Set<AwsOption> options) {
    return takesLocalStack(options) ? LocalStack.start() : Localemu.start(options);
  }

  /** What this machine lacks to start one, and the command that gets it: one line, or empty. */
  static Optional<String> missing(Set<AwsOption> options) {
    return takesLocalStack(options) ? Optional.empty() : Localemu.missing();
  }

  private static boolean takesLocalStack(Set<AwsOption> options) {
    return options.isEmpty()
        && !"localemu".equals(System.getenv("MBB_TEST_AWS"))
        && LocalStack.isAvailable();
  }
}
