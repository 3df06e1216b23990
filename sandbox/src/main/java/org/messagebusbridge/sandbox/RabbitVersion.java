package org.messagebusbridge.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The RabbitMQ releases that the bridge is tested on, and where they are installed. */
public enum RabbitVersion {
  /** The system's own package; {@code RABBITMQ3_HOME} names another folder. */
  V3_10("3.10", "RABBITMQ3_HOME", "/usr/lib/rabbitmq", "apt-get install rabbitmq-server"),

  /** What {@code tools/rabbitmq4} installs; {@code RABBITMQ4_HOME} names another folder. */
  V4_0("4.0", "RABBITMQ4_HOME", "/opt/rabbitmq-4", "tools/rabbitmq4"),

  /** What {@code tools/rabbitmq4 sid} installs; {@code RABBITMQ43_HOME} names another folder. */
  V4_3("4.3", "RABBITMQ43_HOME", "/opt/rabbitmq-4.3", "tools/rabbitmq4 sid");

  private final String release;
  private final String homeVariable;
  private final String defaultHome;
  private final String install;

  RabbitVersion(String release, String homeVariable, String defaultHome, String install) {
    this.release = release;
    this.homeVariable = homeVariable;
    this.defaultHome = defaultHome;
    this.install = install;
  }

  /** What this machine lacks to run it, and the command that gets it: one line, or empty. */
  public Optional<String> missing() {
    Path server = command("rabbitmq-server");
    if (!Files.isExecutable(server)) {
      return Optional.of(
          "%s is not installed (no %s); get it with: %s".formatted(this, server, install));
    }
    if (runsInChroot() && !"root".equals(System.getProperty("user.name"))) {
      return Optional.of(
          "%s in %s runs in a chroot, so only root can start it".formatted(this, home()));
    }
    return Optional.empty();
  }

  /** The path of one of its commands, such as {@code rabbitmqctl}, whether or not it exists. */
  Path command(String name) {
    Path bin = home().resolve("bin");
    return (Files.isDirectory(bin) ? bin : home().resolve("sbin")).resolve(name);
  }

  /** Erlang's port mapper: beside the other commands, else the system's own. */
  String epmd() {
    Path own = command("epmd");
    return Files.isExecutable(own) ? own.toString() : "epmd";
  }

  private boolean runsInChroot() {
    return Files.isDirectory(home().resolve("root"));
  }

  private Path home() {
    return Path.of(Optional.ofNullable(System.getenv(homeVariable)).orElse(defaultHome));
  }

  /** {@code RabbitMQ 4.0}. */
  @Override
  public String toString() {
    return "RabbitMQ " + release;
  }
}
