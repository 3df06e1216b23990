package org.messagebusbridge.sandbox.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A proxy that {@code tools/interop/run} starts before a service, with its default timeouts. */
public enum Front {
  NGINX("nginx", "nginx", "nginx-light"),
  HAPROXY("HAProxy", "haproxy", "haproxy"),
  APACHE("Apache", "apache2", "apache2"),
  /** Asked by CONNECT, for {@code ws_proxy}. */
  SQUID("Squid, by CONNECT", "squid", "squid");

  private final String label;
  private final String command;
  private final String debian;

  Front(String label, String command, String debian) {
    this.label = label;
    this.command = command;
    this.debian = debian;
  }

  /** For people. */
  public String label() {
    return label;
  }

  String program() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What this machine lacks to run it, and the command that gets it: one line, or empty. */
  public Optional<String> missing() {
    boolean found =
        Stream.concat(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
                Stream.of("/usr/sbin", "/sbin"))
            .filter(folder -> !folder.isEmpty())
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    return found
        ? Optional.empty()
        : Optional.of(label + " is not installed; get it with: apt-get install " + debian);
  }
}
