package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All files of one RabbitMQ node, below a temporary folder, and the environment that keeps its
 * processes to them.
 */
final class RabbitFolder {

  /** Not {@code java.io.tmpdir}: a RabbitMQ in a chroot shares {@code /tmp} alone. */
  private static final Path TMP = Path.of("/tmp");

  private static final String LOOPBACK_ONLY = "-kernel inet_dist_use_interface {127,0,0,1}";

  /** Time, level and process of a line of its log. */
  private static final Pattern LOG_PREFIX = Pattern.compile("^.*?\\[error] <[^>]*>");

  private final Path path;
  private final Certificates certificates;
  private final Map<String, String> environment;

  private RabbitFolder(Path path, RabbitPorts ports) {
    this.path = path;
    certificates = Certificates.in(path.resolve("certificates"));
    environment =
        Map.ofEntries(
            Map.entry("HOME", path.toString()),
            Map.entry("LC_ALL", "C.UTF-8"),
            Map.entry("RABBITMQ_NODENAME", nodeName()),
            Map.entry("RABBITMQ_NODE_PORT", Integer.toString(ports.amqp())),
            Map.entry("RABBITMQ_DIST_PORT", Integer.toString(ports.distribution())),
            Map.entry("RABBITMQ_MNESIA_BASE", path.resolve("data").toString()),
            Map.entry("RABBITMQ_LOG_BASE", path.resolve("log").toString()),
            Map.entry("RABBITMQ_CONF_ENV_FILE", path.resolve("none.conf").toString()),
            Map.entry("RABBITMQ_CONFIG_FILE", path.resolve("rabbitmq.conf").toString()),
            Map.entry("RABBITMQ_CONFIG_FILES", path.resolve("conf.d").toString()),
            Map.entry("RABBITMQ_ADVANCED_CONFIG_FILE", path.resolve("advanced.config").toString()),
            Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", path.resolve("plugins").toString()),
            // No busy waiting: the machine is shared with the tests.
            Map.entry(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                LOOPBACK_ONLY + " +sbwt none +sbwtdcpu none +sbwtdio none"),
            Map.entry("RABBITMQ_CTL_ERL_ARGS", LOOPBACK_ONLY),
            Map.entry("ERL_EPMD_PORT", Integer.toString(ports.epmd())),
            Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
            Map.entry("ERL_CRASH_DUMP_SECONDS", "0"),
            // Makes the script of the server become the server, so their process id is one.
            Map.entry("detached", "yes"));
  }

  static RabbitFolder create(
      RabbitPorts ports, String user, RabbitSecrets secrets, RabbitExtras extras)
      throws IOException {
    Path path = Files.createTempDirectory(TMP, "mbb-rabbitmq-");
    var folder = new RabbitFolder(path, ports);
    for (String name : List.of("data", "log", "conf.d")) {
      Files.createDirectory(path.resolve(name));
    }
    Path cookie = Files.writeString(path.resolve(".erlang.cookie"), secrets.cookie());
    Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
    Files.writeString(path.resolve("advanced.config"), "[].\n");
    Files.writeString(path.resolve("plugins"), "[" + String.join(",", extras.plugins()) + "].\n");
    Files.write(
        path.resolve("rabbitmq.conf"), folder.config(ports, user, secrets.password(), extras));
    return folder;
  }

  Path path() {
    return path;
  }

  /** The name of the node in Erlang. */
  String nodeName() {
    return path.getFileName() + "@localhost";
  }

  Certificates certificates() {
    return certificates;
  }

  /** Where the server prints to. */
  Path output() {
    return path.resolve("output");
  }

  /** A builder of a process that belongs to this node, and to no other on this machine. */
  ProcessBuilder process(List<String> command) {
    var builder = new ProcessBuilder(command).directory(path.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("RABBITMQ_") || name.startsWith("ERL_"));
    builder.environment().putAll(environment);
    return builder;
  }

  /** Why the server ended by itself, on one line: its first errors, or else its last line. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(output()).stream().filter(l -> !l.isBlank()).toList();
      List<String> errors =
          lines.stream()
              .filter(line -> line.contains("[error]"))
              .map(line -> LOG_PREFIX.matcher(line).replaceFirst("").strip())
              .filter(line -> !line.isEmpty())
              .limit(3)
              .toList();
      return errors.isEmpty() ? lines.getLast().strip() : String.join("; ", errors);
    } catch (IOException | NoSuchElementException e) {
      return "it printed nothing";
    }
  }

  /** Removes all; processes must have ended. */
  void delete() {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (NoSuchFileException gone) {
      return;
    } catch (IOException | UncheckedIOException e) {
      throw new SandboxException("the folder %s could not be removed: %s".formatted(path, e), e);
    }
  }

  private List<String> config(
      RabbitPorts ports, String user, String password, RabbitExtras extras) {
    List<String> lines = new ArrayList<>();
    lines.add("listeners.tcp.1 = 127.0.0.1:" + ports.amqp());
    lines.add("listeners.ssl.1 = 127.0.0.1:" + ports.amqps());
    lines.add("ssl_options.cacertfile = " + certificates.caFile());
    lines.add("ssl_options.certfile = " + certificates.server().certificateFile());
    lines.add("ssl_options.keyfile = " + certificates.server().keyFile());
    lines.add("ssl_options.verify = verify_peer");
    lines.add("ssl_options.fail_if_no_peer_cert = false");
    lines.add("default_user = " + user);
    lines.add("default_pass = " + password);
    lines.add("loopback_users = none");
    lines.add("vm_memory_high_watermark.relative = " + RabbitNode.MEMORY_WATERMARK);
    lines.add("disk_free_limit.absolute = 1MB");
    lines.addAll(extras.configLines());
    return lines;
  }
}
