package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.Watchdog;
import org.messagebusbridge.sandbox.junit.Needs;

/**
 * An emulator that {@code cdk deploy} can deploy to, for one test; a process of {@code
 * tools/ministack/run} on 127.0.0.1 that ends with this JVM, even if that is killed.
 */
final class Ministack implements AutoCloseable {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private final int port = FreePorts.next();
  private final Path folder;
  private final Watchdog watchdog;
  private final Process process;

  private Ministack() throws IOException {
    folder = Files.createTempDirectory("mbb-ministack-");
    watchdog = new Watchdog(folder);
    process =
        new ProcessBuilder("tools/ministack/run", Integer.toString(port), folder.toString())
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    watchdog.watch(process);
  }

  /** Skips the test where it is not installed. */
  static void isNeeded() {
    Needs.file(
        ROOT.resolve("target/ministack/installed"), "ministack", "tools/ministack/run --install");
  }

  /** Starts one in which there is nothing yet; takes 2 to 5 s. */
  static Ministack start() throws IOException {
    Ministack started = new Ministack();
    try {
      long begin = System.nanoTime();
      while (!started.answers()) {
        boolean late = System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(90);
        assertThat(started.process.isAlive() && !late).as(started.output()).isTrue();
        started.process.waitFor(100, TimeUnit.MILLISECONDS);
      }
      return started;
    } catch (InterruptedException e) {
      started.close();
      throw new IOException("interrupted while ministack started", e);
    } catch (RuntimeException | Error e) {
      started.close();
      throw e;
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** What it printed so far. */
  String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      watchdog.watch();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watchdog.close();
  }
}
