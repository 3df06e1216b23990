package org.messagebusbridge.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this instance of the bridge is called: the id of the ECS task, else that of the EC2 instance
 * (by IMDSv2), else {@code local-} and the host's name, as the Python service has it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html">ECS
 *     task metadata, version 4</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html">IMDSv2</a>
 */
public final class InstanceIdentity {
  private static final Logger log = LoggerFactory.getLogger(InstanceIdentity.class);
  private static final Duration TO_CONNECT = Duration.ofSeconds(1);

  /** For an answer of a service that is there; a small task may be slow while its JVM starts. */
  private static final Duration TO_ANSWER = Duration.ofSeconds(5);

  private static final String IMDS = "http://169.254.169.254";
  private static final Path KERNEL_HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  private final Map<String, String> environment;

  private InstanceIdentity(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Looks for it in the background; takes 1 s where there is no such service, and at most 10 s
   * where there is a slow one.
   *
   * @param environment of the process: {@code ECS_CONTAINER_METADATA_URI_V4}, {@code
   *     AWS_EC2_METADATA_DISABLED}, {@code AWS_EC2_METADATA_SERVICE_ENDPOINT}, {@code HOSTNAME}
   */
  public static CompletableFuture<String> find(Map<String, String> environment) {
    CompletableFuture<String> found = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("instance-identity")
        .start(
            () -> {
              InstanceIdentity identity = new InstanceIdentity(environment);
              try {
                found.complete(
                    identity
                        .remote()
                        .filter(id -> id.matches("[\\x21-\\x7e&&[^:*]]{1,200}"))
                        .orElseGet(identity::local));
              } catch (RuntimeException | Error e) { // too few threads, perhaps
                found.complete(identity.local());
              }
            });
    return found;
  }

  private Optional<String> remote() {
    String ecs = environment.getOrDefault("ECS_CONTAINER_METADATA_URI_V4", "");
    boolean noImds =
        Boolean.parseBoolean(environment.getOrDefault("AWS_EC2_METADATA_DISABLED", ""));
    if (ecs.isEmpty() && noImds) {
      return Optional.empty();
    }
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ecs.isEmpty() ? TO_CONNECT : TO_ANSWER)
            .build()) {
      return ecs.isEmpty() ? Optional.of(ec2(client)) : task(client, ecs);
    } catch (IOException | IllegalArgumentException e) {
      log.debug("There is no instance metadata here", e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** The last part of the task's ARN. */
  private static Optional<String> task(HttpClient client, String endpoint)
      throws IOException, InterruptedException {
    String answer = ask(client, HttpRequest.newBuilder(URI.create(endpoint + "/task")));
    try (JsonParser json = new JsonFactory().createParser(answer)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean arn = json.currentName().equals("TaskARN");
        json.nextToken();
        if (arn) {
          String text = json.getText();
          return Optional.of(text.substring(text.lastIndexOf('/') + 1));
        }
        json.skipChildren();
      }
      return Optional.empty();
    }
  }

  private String ec2(HttpClient client) throws IOException, InterruptedException {
    String endpoint = environment.getOrDefault("AWS_EC2_METADATA_SERVICE_ENDPOINT", IMDS);
    URI base = URI.create(endpoint.endsWith("/") ? endpoint : endpoint + "/");
    String token =
        ask(
            client,
            HttpRequest.newBuilder(base.resolve("latest/api/token"))
                .header("X-aws-ec2-metadata-token-ttl-seconds", "60")
                .PUT(HttpRequest.BodyPublishers.noBody()));
    return ask(
            client,
            HttpRequest.newBuilder(base.resolve("latest/meta-data/instance-id"))
                .header("X-aws-ec2-metadata-token", token))
        .strip();
  }

  private static String ask(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(request.timeout(TO_ANSWER).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("answered with " + answer.statusCode());
    }
    return answer.body();
  }

  private String local() {
    return "local-" + hostName().replaceAll("[^A-Za-z0-9._-]", "_");
  }

  /** The kernel's, as Python's socket.gethostname; no name server is asked where it can be had. */
  private String hostName() {
    try {
      if (Files.exists(KERNEL_HOSTNAME)) {
        return Files.readString(KERNEL_HOSTNAME).strip();
      }
      String named = environment.getOrDefault("HOSTNAME", "");
      return named.isBlank() ? InetAddress.getLocalHost().getHostName() : named;
    } catch (IOException e) {
      log.debug("The host's name is not known", e);
      return "unknown";
    }
  }
}
