package org.messagebusbridge.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.messagebusbridge.sandbox.Broker;

/** The bridge's own command line in a JVM of its own, and what it printed. */
final class BridgeProcess implements AutoCloseable {
  private final Process process;
  private final CompletableFuture<String> out;
  private final CompletableFuture<String> err;

  /** What was left of a run. */
  record Ended(int exitCode, String out, String err) {}

  private BridgeProcess(Process process) {
    this.process = process;
    this.out = Background.run(() -> new String(process.getInputStream().readAllBytes(), UTF_8));
    this.err = Background.run(() -> new String(process.getErrorStream().readAllBytes(), UTF_8));
  }

  /** {@code mbb bridge} with these arguments, in a small heap. */
  static BridgeProcess start(String... arguments) throws IOException {
    return start(Map.of(), arguments);
  }

  /** The same, with more in its environment. */
  static BridgeProcess start(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(List.of(), environment, List.of(arguments));
  }

  /** The same, with more options of the JVM. */
  static BridgeProcess start(
      List<String> options, Map<String, String> environment, List<String> arguments)
      throws IOException {
    return start(System.getProperty("java.class.path"), options, environment, arguments);
  }

  /** {@code mbb bridge} with one more jar among its own. */
  static BridgeProcess startWith(Path jar, String... arguments) throws IOException {
    return start(
        System.getProperty("java.class.path") + File.pathSeparator + jar,
        List.of(),
        Map.of(),
        List.of(arguments));
  }

  private static BridgeProcess start(
      String classPath,
      List<String> options,
      Map<String, String> environment,
      List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, "org.messagebusbridge.cli.Mbb", "bridge"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("MBB_") || name.startsWith("AWS_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return new BridgeProcess(process);
  }

  /** Its process id. */
  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Asks it to stop (SIGTERM) and does not wait. */
  void signal() {
    process.toHandle().destroy(); // unlike the process, this leaves its streams open
  }

  /** Asks it to stop (SIGTERM) and waits for it. */
  Ended terminate() throws Exception {
    signal();
    return await();
  }

  /** Waits for its end by itself; kills it when that takes over a minute. */
  Ended await() throws Exception {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after 60 s; on standard error: " + err.get());
    }
    return new Ended(
        process.exitValue(), out.get(60, TimeUnit.SECONDS), err.get(60, TimeUnit.SECONDS));
  }

  /** Kills it (SIGKILL). */
  void kill() {
    process.destroyForcibly();
  }

  /** Kills it, if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** An INI file that a test changes key by key. */
  static final class Ini {
    private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();

    /** Between two queues of this broker and the service at this host, without a login. */
    static Ini of(Broker broker, String apiHost, String toWs, String fromWs) {
      return of(broker, toWs, fromWs)
          .set("ws_api", "api_host", apiHost)
          .set("ws_api", "api_uri", "/ws");
    }

    /** Of the broker's side alone. */
    static Ini of(Broker broker, String toWs, String fromWs) {
      return new Ini()
          .set("aws_mq", "mq_host", "127.0.0.1")
          .set("aws_mq", "mq_tls", "false")
          .set("aws_mq", "mq_port", Integer.toString(broker.port()))
          .set("aws_mq", "mq_vhost", broker.vhost())
          .set("aws_mq", "mq_user_id", broker.user())
          .set("aws_mq", "mq_password", broker.password())
          .set("aws_mq", "mq_qname_to_ws", toWs)
          .set("aws_mq", "mq_qname_from_ws", fromWs);
    }

    /** With that of {@link Settings}. */
    Ini withLogin() {
      return set("ws_api", "client_id", Settings.CLIENT_ID)
          .set("ws_api", "client_secret", Settings.CLIENT_SECRET);
    }

    Ini set(String section, String key, String value) {
      sections.computeIfAbsent(section, s -> new LinkedHashMap<>()).put(key, value);
      return this;
    }

    /** Its values by section and key, as the names of SSM parameters have them. */
    Map<String, String> parameters() {
      Map<String, String> all = new LinkedHashMap<>();
      sections.forEach(
          (section, keys) -> keys.forEach((key, value) -> all.put(section + "/" + key, value)));
      return all;
    }

    Path write(Path directory) throws IOException {
      StringBuilder text = new StringBuilder("# written by a test\n");
      sections.forEach(
          (section, keys) -> {
            text.append('[').append(section).append("]\n");
            keys.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
          });
      return Files.writeString(Files.createTempFile(directory, "bridge", ".ini"), text);
    }
  }
}
