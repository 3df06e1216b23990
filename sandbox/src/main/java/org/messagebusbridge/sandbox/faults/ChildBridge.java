package org.messagebusbridge.sandbox.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.Command;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Settings;

/** The real bridge in a process of its own, as it is shipped. */
public final class ChildBridge implements BridgeUnderTest {

  private static final List<String> OF_BRIDGE =
      List.of("MBB_AWS_", "MBB_WS_API_", "MBB_BRIDGE_", "MBB_JAVA_OPTS");
  private static final Pattern RELAYING = Pattern.compile(" Relaying( again)?$");
  private static final Pattern GAVE_BACK =
      Pattern.compile("Gave messages back to their queue.* messages=(\\d+)");

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicLong requeued = new AtomicLong();
  private final Path ini;
  private final Command command;
  private boolean relaying;

  private ChildBridge(
      Launcher launcher, Settings settings, Map<String, String> keys, LineLog complete) {
    ini = settings.write();
    Map<String, String> environment = new HashMap<>(settings.environment());
    environment.putAll(keys);
    List<String> arguments = List.of("bridge", "-v", "-c", ini.toString());
    command =
        launcher.start(
            arguments,
            environment,
            OF_BRIDGE,
            line -> {
              complete.add(line);
              heard(line);
            },
            complete::add);
    var _ =
        command
            .exit()
            .thenRun(
                () -> {
                  complete.add("(process " + command.pid() + " has ended)");
                  change(() -> {});
                });
  }

  /**
   * Bridges that this launcher starts.
   *
   * @param log is given every line that they write
   */
  public static Starter by(Launcher launcher, LineLog log) {
    return (settings, keys) -> new ChildBridge(launcher, settings, keys, log);
  }

  private void heard(String line) {
    if (RELAYING.matcher(line).find()) {
      change(() -> relaying = true);
    }
    Matcher back = GAVE_BACK.matcher(line);
    if (back.find()) {
      requeued.addAndGet(Long.parseLong(back.group(1)));
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void awaitRelaying(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (!relaying) {
        long left = deadline - System.nanoTime();
        if (left <= 0 || !command.isRunning()) {
          throw new SandboxException("The bridge does not relay: " + command.lastWords());
        }
        var _ = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isRunning() {
    return command.isRunning();
  }

  @Override
  public void terminate() {
    command.terminate();
  }

  @Override
  public void kill() throws InterruptedException {
    command.kill();
  }

  /** Sends it a signal by its name: {@code STOP}, {@code CONT}. */
  public void signal(String name) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(command.pid())).start().waitFor();
    } catch (IOException e) {
      throw new SandboxException("kill could not be run: " + e.getMessage() + ".", e);
    }
  }

  @Override
  public OptionalInt awaitExit(Duration timeout) throws InterruptedException {
    try {
      return OptionalInt.of(command.exit().get(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return OptionalInt.empty();
    } catch (ExecutionException e) {
      throw new SandboxException("The bridge's end is not known.", e);
    }
  }

  @Override
  public long requeued() {
    return requeued.get();
  }

  @Override
  public String lastWords() {
    return command.lastWords();
  }

  @Override
  public OptionalLong pid() {
    return OptionalLong.of(command.pid());
  }

  @Override
  public void close() {
    command.close();
    try {
      Files.deleteIfExists(ini);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
