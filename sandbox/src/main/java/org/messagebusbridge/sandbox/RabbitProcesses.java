package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.sandbox.child.ProcessUse;

/**
 * The processes of one RabbitMQ node: Erlang's port mapper, all its life, unless that is another
 * node's; the server, or none; and the commands that are run against it. Not safe for concurrent
 * use, but for {@link #run}.
 */
final class RabbitProcesses implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final RabbitVersion version;
  private final RabbitFolder folder;
  private final Watchdog watchdog;
  private final List<Process> epmd;
  private @Nullable Process server;

  /**
   * No server yet.
   *
   * @param withMapper whether the port mapper is to be started
   */
  RabbitProcesses(RabbitVersion version, RabbitFolder folder, boolean withMapper)
      throws IOException {
    this.version = version;
    this.folder = folder;
    watchdog = new Watchdog(folder.path());
    // Started here, since one that the server starts would outlive it.
    epmd =
        withMapper
            ? List.of(
                quiet(folder.process(List.of(version.epmd(), "-address", "127.0.0.1"))).start())
            : List.of();
    watchdog.watch(epmd);
  }

  void startServer() throws IOException {
    ProcessBuilder.Redirect output = ProcessBuilder.Redirect.to(folder.output().toFile());
    Process started =
        folder
            .process(List.of(version.command("rabbitmq-server").toString()))
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    server = started;
    watchdog.watch(Stream.concat(epmd.stream(), Stream.of(started)).toList());
  }

  boolean isServerAlive() {
    return server != null && server.isAlive();
  }

  /** What the server has used; empty when there is none. */
  Optional<ProcessUse> serverUse() {
    return Optional.ofNullable(server).map(running -> new ProcessUse(running.pid()));
  }

  /** Asks the server to end and waits until it did. */
  void stopServer() throws IOException {
    endServer(false);
  }

  /** Ends the server by SIGKILL. */
  void killServer() throws IOException {
    endServer(true);
  }

  /**
   * What a command printed to standard output.
   *
   * @throws SandboxException when it failed, with what it printed to standard error
   */
  String run(String command, List<String> arguments) throws IOException {
    Path errors = Files.createTempFile(folder.path(), command, ".err");
    Process process =
        folder
            .process(
                Stream.concat(Stream.of(version.command(command).toString()), arguments.stream())
                    .toList())
            .redirectError(errors.toFile())
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    await(process, command);
    String complaint = Files.readString(errors, UTF_8).strip();
    Files.delete(errors);
    if (process.exitValue() != 0) {
      throw new SandboxException(
          "%s %s failed: %s"
              .formatted(
                  command,
                  String.join(" ", arguments),
                  complaint.lines().findFirst().orElse(output)));
    }
    return output;
  }

  /** Kills what runs and removes the folder. */
  @Override
  public void close() throws IOException {
    try (watchdog) {
      killServer();
      for (Process mapper : epmd) {
        mapper.destroyForcibly();
        await(mapper, "epmd");
      }
      watchdog.watch(List.of());
      folder.delete();
    }
  }

  private void endServer(boolean forcibly) throws IOException {
    Process running = server;
    if (running == null) {
      return;
    }
    if (forcibly) {
      running.destroyForcibly();
    } else {
      running.destroy();
    }
    await(running, "rabbitmq-server");
    server = null;
    watchdog.watch(epmd);
  }

  private void await(Process process, String what) {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new SandboxException(
            "%s of %s did not end within %d s".formatted(what, version, PATIENCE.toSeconds()));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while " + what + " of " + version + " ended", e);
    }
  }

  private static ProcessBuilder quiet(ProcessBuilder builder) {
    return builder
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }
}
