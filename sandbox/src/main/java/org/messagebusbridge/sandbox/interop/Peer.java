package org.messagebusbridge.sandbox.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A WebSocket server that {@code tools/interop/run} has an echo service on. */
public enum Peer {
  JETTY("Jetty", Installation.JAVA),
  TOMCAT("Tomcat", Installation.JAVA),
  UNDERTOW("Undertow", Installation.JAVA),
  VERTX("Vert.x", Installation.JAVA),
  GORILLA("Go gorilla/websocket", Installation.GO),
  TUNGSTENITE("Rust tungstenite", Installation.RUST),
  WS("npm ws", Installation.NODE),
  WEBSOCKETS("Python websockets", Installation.PYTHON),
  AIOHTTP("aiohttp", Installation.PYTHON),
  UVICORN("uvicorn, Starlette", Installation.PYTHON),
  HYPERCORN("Hypercorn, Starlette", Installation.PYTHON),
  DAPHNE("Daphne, Starlette", Installation.PYTHON),
  TORNADO("Tornado", Installation.PYTHON),
  SANIC("Sanic", Installation.PYTHON);

  /** Those of the ordinary build. */
  public static final List<Peer> OF_JAVA = List.of(JETTY, TOMCAT, UNDERTOW, VERTX);

  private final String label;
  private final Installation installation;

  Peer(String label, Installation installation) {
    this.label = label;
    this.installation = installation;
  }

  /** For people. */
  public String label() {
    return label;
  }

  /** As {@code tools/interop/run} calls it. */
  String program() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it answers a message of no bytes. */
  boolean echoesNothing() {
    return this != DAPHNE;
  }

  /**
   * Whether on SIGTERM it closes with 1000, as if all were well, over messages that it has read,
   * and answered pings behind, and not handled.
   */
  boolean forgetsOnSigterm() {
    return this == SANIC;
  }

  /** What this machine lacks to run it, and the command that gets it: one line, or empty. */
  public Optional<String> missing() {
    return Files.exists(installation.file())
        ? Optional.empty()
        : Optional.of(
            "The echo service on %s is not installed; get it with: %s"
                .formatted(label, installation.command(program())));
  }

  /** The folder of the sources, which has {@code tools/interop}: this one, or one above it. */
  static Path sources() {
    Path here = Path.of("").toAbsolutePath();
    return Stream.iterate(here, folder -> folder != null, Path::getParent)
        .filter(folder -> Files.exists(folder.resolve("tools/interop/run")))
        .findFirst()
        .orElse(here);
  }

  /** What a server is installed with. */
  private enum Installation {
    JAVA,
    GO,
    RUST,
    NODE,
    PYTHON;

    Path file() {
      if (this == JAVA) {
        return sources().resolve("tools/interop/java/target/classpath");
      }
      Path home =
          Optional.ofNullable(System.getenv("INTEROP_HOME"))
              .map(Path::of)
              .orElseGet(() -> sources().resolve("target/interop"));
      return home.resolve(name().toLowerCase(Locale.ROOT)).resolve("installed");
    }

    String command(String program) {
      return this == JAVA
          ? "mvn -pl tools/interop/java process-classes"
          : "tools/interop/run --install " + program;
    }
  }
}
