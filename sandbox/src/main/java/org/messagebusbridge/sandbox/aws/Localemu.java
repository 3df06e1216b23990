package org.messagebusbridge.sandbox.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.Watchdog;

/**
 * localemu, a process of the virtual environment that {@code tools/localemu/install} makes, on
 * 127.0.0.1 alone and with every file below one temporary folder. It starts in 3 to 8 s, takes some
 * 500 MiB and ends with this JVM, even if that is killed.
 */
final class Localemu implements Emulator {

  static final String INSTALL = "tools/localemu/install";

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(100);
  private static final String HOME_VARIABLE = "LOCALEMU_HOME";

  private final Path folder;
  private final Watchdog watchdog;
  private final Process process;
  private final URI uri;

  private Localemu(Path folder, int port, Set<AwsOption> options) throws IOException {
    this.folder = folder;
    uri = URI.create("http://127.0.0.1:" + port);
    watchdog = new Watchdog(folder);
    process = builder(port, options).start();
    watchdog.watch(process);
  }

  static Optional<String> missing() {
    return Files.isExecutable(python())
        ? Optional.empty()
        : Optional.of(
            "localemu is not installed (no %s), and there is no Docker to run LocalStack in; get it with: %s"
                .formatted(python(), INSTALL));
  }

  static Localemu start(Set<AwsOption> options) {
    missing()
        .ifPresent(
            reason -> {
              throw new SandboxException(reason);
            });
    try {
      var started =
          new Localemu(Files.createTempDirectory("mbb-localemu-"), FreePorts.next(), options);
      try {
        started.awaitReady();
        if (!options.contains(AwsOption.THROTTLING)) {
          started.loadServices();
        }
        return started;
      } catch (RuntimeException e) {
        started.close();
        throw e;
      }
    } catch (IOException e) {
      throw new SandboxException("localemu could not be started: " + e.getMessage(), e);
    }
  }

  private ProcessBuilder builder(int port, Set<AwsOption> options) throws IOException {
    Map<String, String> environment =
        Map.of(
            "GATEWAY_SERVER",
            "hypercorn",
            "GATEWAY_LISTEN",
            "127.0.0.1:" + port,
            "DNS_ADDRESS",
            "0",
            "SKIP_SSL_CERT_DOWNLOAD",
            "1",
            "HOME",
            subfolder("home"),
            "TMPDIR",
            subfolder("tmp"),
            "LOCALEMU_VOLUME_DIR",
            subfolder("volume"),
            "CONFIG_DIR",
            subfolder("config"),
            "PYTHONDONTWRITEBYTECODE",
            "1",
            "LC_ALL",
            "C.UTF-8");
    var builder =
        new ProcessBuilder(python().toString(), "-m", "localemu.runtime.main")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output().toFile());
    // Nothing of the caller's: no credentials, no proxies, no options.
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder.environment().putAll(environment);
    if (options.contains(AwsOption.IAM)) {
      builder.environment().put("IAM_ENFORCEMENT", "1");
      builder.environment().put("ROOT_ACCESS_KEYS", AwsEndpoint.ROOT_KEY);
    }
    if (options.contains(AwsOption.THROTTLING)) {
      builder.environment().put("SIMULATE_THROTTLING", "1");
      builder.environment().put("THROTTLE_RATE", "0.5");
    }
    return builder;
  }

  private String subfolder(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name)).toString();
  }

  private Path output() {
    return folder.resolve("output");
  }

  @Override
  public URI uri() {
    return uri;
  }

  @Override
  public String name() {
    return "localemu";
  }

  private void awaitReady() {
    HttpRequest health =
        HttpRequest.newBuilder(uri.resolve("/_localemu/health"))
            .timeout(Duration.ofSeconds(10))
            .build();
    long start = System.nanoTime();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      while (!isReady(client, health)) {
        if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
          throw new SandboxException(
              "localemu at %s did not start within %d s: %s"
                  .formatted(uri, PATIENCE.toSeconds(), lastWords()));
        }
        Thread.sleep(PROBE_INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while localemu started", e);
    }
  }

  /** It loads each service when that is asked for the first time, which takes seconds. */
  private void loadServices() {
    AwsCaller caller =
        new AwsCaller(uri, "us-east-1", new AwsCredentials(AwsEndpoint.ROOT_KEY, "not-checked"));
    caller.json("ssm:DescribeParameters", Map.of());
    caller.json("secretsmanager:ListSecrets", Map.of());
    caller.json("logs:DescribeLogGroups", Map.of());
    caller.query("monitoring:ListMetrics", "2010-08-01", Map.of());
  }

  private static boolean isReady(HttpClient client, HttpRequest health)
      throws InterruptedException {
    try {
      return client.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private String lastWords() {
    try (Stream<String> lines = Files.lines(output(), UTF_8)) {
      List<String> said = lines.filter(line -> !line.isBlank()).toList();
      return said.isEmpty() ? "it printed nothing" : said.getLast().strip();
    } catch (IOException e) {
      return "it printed nothing";
    }
  }

  /** Kills it, for it may take SIGTERM or not, and what it holds is needed no more. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new SandboxException("localemu, process %d, does not end".formatted(process.pid()));
      }
      watchdog.watch();
      watchdog.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new SandboxException("localemu could not be removed: " + e.getMessage(), e);
    }
  }

  private static Path python() {
    String home = System.getenv(HOME_VARIABLE);
    Path folder = home == null ? root().resolve("target/localemu") : Path.of(home);
    return folder.resolve("bin/python");
  }

  /** The folder of the sources: where this runs, or above. */
  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(INSTALL))) {
        return folder;
      }
    }
    return here;
  }
}
