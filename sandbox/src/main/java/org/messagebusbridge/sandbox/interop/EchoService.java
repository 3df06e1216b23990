package org.messagebusbridge.sandbox.interop;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An echo service on a foreign server, a process of its own, which may end and come back on the
 * same port. One thread starts and ends it; what it counts is for any.
 */
public final class EchoService implements AutoCloseable {

  private static final Duration TIME_TO_STOP = Duration.ofSeconds(5);
  private static final String OPEN = "open";
  private static final String HANDLED = "handled ";

  private final Peer peer;
  private final Consumer<String> handled;
  private final AtomicInteger opened = new AtomicInteger();
  private Program program;

  private EchoService(Peer peer, Map<String, String> behaviour, Consumer<String> handled)
      throws InterruptedException {
    this.peer = peer;
    this.handled = handled;
    this.program = start(behaviour);
  }

  /**
   * Starts one and waits until it listens.
   *
   * @param behaviour the variables of {@code tools/interop/run}, without {@code ECHO_ACCOUNT}
   * @param handled hears the first 12 bytes of each message that the service's handler took
   * @throws org.messagebusbridge.sandbox.SandboxException when it does not come up
   */
  public static EchoService start(
      Peer peer, Map<String, String> behaviour, Consumer<String> handled)
      throws InterruptedException {
    return new EchoService(peer, behaviour, handled);
  }

  private Program start(Map<String, String> behaviour) throws InterruptedException {
    Map<String, String> environment = new HashMap<>(behaviour);
    environment.put("ECHO_ACCOUNT", "on");
    return Program.start(List.of(peer.program()), environment, this::said);
  }

  private void said(String line) {
    if (line.equals(OPEN)) {
      opened.incrementAndGet();
    } else if (line.startsWith(HANDLED)) {
      handled.accept(line.substring(HANDLED.length()));
    }
  }

  public Peer peer() {
    return peer;
  }

  public int port() {
    return program.port();
  }

  /** How many connections it has accepted, over all its lives. */
  public int opened() {
    return opened.get();
  }

  /** Ends it as its library ends on SIGTERM, by force after 5 s. */
  public void terminate() throws InterruptedException {
    program.terminate(TIME_TO_STOP);
  }

  /** Ends it by SIGKILL. */
  public void kill() throws InterruptedException {
    program.kill();
  }

  /** Starts it again where it was, after its end, with this behaviour from now on. */
  public void comeBack(Map<String, String> behaviour) throws InterruptedException {
    Map<String, String> there = new HashMap<>(behaviour);
    there.put("ECHO_PORT", Integer.toString(program.port()));
    program.close();
    program = start(there);
  }

  @Override
  public void close() {
    program.close();
  }
}
