package org.messagebusbridge.sandbox.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.Command;
import org.messagebusbridge.sandbox.child.Launcher;

/** A program that {@code tools/interop/run} has become, and the port that it listens on. */
final class Program implements AutoCloseable {

  private static final Duration TIME_TO_START = Duration.ofSeconds(30);
  private static final String PORT = "port ";

  private final Path folder;
  private final Command command;
  private final int port;

  private Program(Path folder, Command command, int port) {
    this.folder = folder;
    this.command = command;
    this.port = port;
  }

  /**
   * Starts one and waits until it listens.
   *
   * @param arguments of {@code tools/interop/run}
   * @param environment on top of this process's own
   * @param lines hears what it says after its port
   * @throws SandboxException with its reason, when it does not come up
   */
  static Program start(
      List<String> arguments, Map<String, String> environment, Consumer<String> lines)
      throws InterruptedException {
    Path folder = temporary();
    Map<String, String> all = new HashMap<>(environment);
    all.put("JAVA_HOME", System.getProperty("java.home"));
    all.put("TMPDIR", folder.toString());
    CompletableFuture<Integer> port = new CompletableFuture<>();
    Command command =
        new Launcher(Peer.sources().resolve("tools/interop/run"))
            .start(
                arguments,
                all,
                List.of("ECHO_"),
                line -> {
                  if (!port.isDone() && line.startsWith(PORT)) {
                    port.complete(Integer.parseInt(line.substring(PORT.length())));
                  } else {
                    lines.accept(line);
                  }
                });
    var _ = command.exit().thenRun(() -> port.completeExceptionally(new IllegalStateException()));
    try {
      int number = port.get(TIME_TO_START.toSeconds(), TimeUnit.SECONDS);
      awaitListening(number);
      return new Program(folder, command, number);
    } catch (ExecutionException | TimeoutException | SandboxException e) {
      String words = command.lastWords();
      new Program(folder, command, 0).close();
      throw new SandboxException("%s did not start: %s".formatted(arguments, words), e);
    }
  }

  private static void awaitListening(int port) throws InterruptedException {
    long deadline = System.nanoTime() + TIME_TO_START.toNanos();
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw new SandboxException("nobody listens on port " + port, e);
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  int port() {
    return port;
  }

  /** Ends it by SIGTERM, or by SIGKILL when that is not enough, and waits for it. */
  void terminate(Duration patience) throws InterruptedException {
    command.terminate();
    try {
      command.exit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new SandboxException("The end of a service is not known.", e);
    } catch (TimeoutException e) {
      command.kill();
    }
    command.await();
  }

  /** Ends it by SIGKILL, and waits for it and for all that it said to be heard. */
  void kill() throws InterruptedException {
    command.kill();
    command.await();
  }

  private static Path temporary() {
    try {
      Path folder = Files.createTempDirectory("mbb-interop-");
      // Squid gives its own up to a user of its own.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    command.close();
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = new ArrayList<>(files.toList());
      for (Path file : all.reversed()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
