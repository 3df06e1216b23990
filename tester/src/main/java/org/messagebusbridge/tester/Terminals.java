package org.messagebusbridge.tester;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.ShutdownHooks;

/** The terminal that the process runs on. */
final class Terminals {

  private Terminals() {}

  /**
   * That of standard input and output, as it is: nothing is written, nothing is set.
   *
   * @param environment what has its type, {@code TERM}
   * @return empty when there is none, or one whose cursor cannot be moved
   */
  static Optional<Terminal> open(Map<String, String> environment) {
    String type = environment.getOrDefault("TERM", "");
    if (type.isEmpty() || type.startsWith("dumb")) {
      return Optional.empty();
    }
    // The library's would close the terminal while our own gives it back.
    System.setProperty(ShutdownHooks.PROP_DISABLE_SHUTDOWN_HOOK, "true");
    try {
      Terminal terminal =
          TerminalBuilder.builder()
              .system(true)
              .systemOutput(TerminalBuilder.SystemOutput.SysOut)
              .providers("ffm,exec")
              .dumb(false)
              .graphemeCluster(false)
              .nativeSignals(false)
              .type(type)
              .build();
      if (terminal.getStringCapability(Capability.cursor_address) != null) {
        return Optional.of(terminal);
      }
      terminal.close();
    } catch (IOException | IllegalStateException e) {
      // there is no terminal
    }
    return Optional.empty();
  }
}
