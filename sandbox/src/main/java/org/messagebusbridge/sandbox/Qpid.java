package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.configuration.CommonProperties;
import org.apache.qpid.server.model.LifetimePolicy;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.Queue;
import org.apache.qpid.server.model.State;
import org.apache.qpid.server.model.SystemConfig;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.queue.MendedEntries;
import org.jspecify.annotations.Nullable;

/** One Broker-J in this JVM, by the names of its own object model. */
final class Qpid implements AutoCloseable {

  static final String VERSION = majorAndMinor(CommonProperties.getReleaseVersion());

  // A level is forgotten with its logger, so both are held here.
  private static final Logger INTERNALS = Logger.getLogger("org.apache.qpid");
  private static final Logger OPERATIONS = Logger.getLogger("qpid.message");

  private final SystemLauncher launcher;
  private final Port<?> port;
  private final VirtualHost<?> virtualHost;

  private Qpid(SystemLauncher launcher, Port<?> port, VirtualHost<?> virtualHost) {
    this.launcher = launcher;
    this.port = port;
    this.virtualHost = virtualHost;
    MendedEntries.mend(virtualHost);
  }

  /**
   * @param port 1..65535, or 0 for a free one
   * @param timeToLive of messages with an {@code expiration}, in queues that do not say otherwise
   */
  static Qpid start(int port, String user, String password, Duration timeToLive) {
    INTERNALS.setLevel(Level.OFF);
    OPERATIONS.setLevel(Level.OFF);
    var startup = new Startup();
    var launcher = new SystemLauncher(startup);
    try {
      launcher.startup(attributes(port, user, password, timeToLive));
      return startup.started(launcher);
    } catch (Exception e) {
      launcher.shutdown();
      throw new SandboxException(
          "the embedded broker did not start on port %d: %s".formatted(port, e.getMessage()), e);
    }
  }

  int port() {
    return port.getBoundPort();
  }

  void createQueue(String name, Duration timeToLive) {
    try {
      virtualHost.createChild(
          Queue.class,
          Map.of(
              Queue.NAME,
              name,
              Queue.DURABLE,
              true,
              Queue.LIFETIME_POLICY,
              LifetimePolicy.PERMANENT,
              Queue.MINIMUM_MESSAGE_TTL,
              timeToLive.toMillis()));
    } catch (RuntimeException e) {
      throw new SandboxException(
          "the embedded broker refused to create queue %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  long availableMessages(String name) {
    Queue<?> queue = virtualHost.getChildByName(Queue.class, name);
    if (queue == null) {
      throw new SandboxException("the embedded broker has no queue " + name);
    }
    return queue.getAvailableMessages();
  }

  @Override
  public void close() {
    launcher.shutdown();
  }

  private static Map<String, Object> attributes(
      int port, String user, String password, Duration timeToLive) {
    String configuration =
        template()
            .replace("@PORT@", Integer.toString(port))
            .replace("@USER@", user)
            .replace("@PASSWORD@", password);
    return Map.of(
        SystemConfig.TYPE,
        "Memory",
        SystemConfig.INITIAL_CONFIGURATION_LOCATION,
        "data:;base64," + Base64.getEncoder().encodeToString(configuration.getBytes(UTF_8)),
        SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT,
        false,
        SystemConfig.CONTEXT,
        Map.of(
            "queue.minimumMessageTtl",
            Long.toString(timeToLive.toMillis()),
            Queue.UNKNOWN_QUEUE_DECLARE_ARGUMENT_BEHAVIOUR_NAME,
            "IGNORE",
            "virtualhost.housekeepingCheckPeriod",
            "500",
            "qpid.broker.defaultPreferenceStoreAttributes",
            "{\"type\": \"Noop\"}",
            "qpid.broker_fail_startup_with_errored_child",
            "true"));
  }

  private static String template() {
    try (InputStream in = Qpid.class.getResourceAsStream("embedded-broker.json")) {
      if (in == null) {
        throw new IllegalStateException("embedded-broker.json is not beside its class");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String majorAndMinor(String version) {
    String[] parts = version.split("\\.", 3);
    return parts.length < 2 ? version : parts[0] + "." + parts[1];
  }

  /** The launcher reports a failed start to its listener only. */
  private static final class Startup extends DefaultSystemLauncherListener {

    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable SystemConfig<?>> resolved = new AtomicReference<>();

    @Override
    public void errorOnStartup(RuntimeException e) {
      failure.set(e);
    }

    @Override
    public void onContainerResolve(SystemConfig<?> systemConfig) {
      resolved.set(systemConfig);
    }

    Qpid started(SystemLauncher launcher) {
      RuntimeException error = failure.get();
      if (error != null) {
        throw error;
      }
      SystemConfig<?> config = resolved.get();
      if (config == null || config.getContainer().getState() != State.ACTIVE) {
        throw new IllegalStateException("it is not active");
      }
      Port<?> port = config.getContainer().getChildren(Port.class).iterator().next();
      if (port.getState() != State.ACTIVE) {
        throw new IllegalStateException("it cannot listen there");
      }
      VirtualHostNode<?> node =
          config.getContainer().getChildren(VirtualHostNode.class).iterator().next();
      return new Qpid(launcher, port, node.getVirtualHost());
    }
  }
}
