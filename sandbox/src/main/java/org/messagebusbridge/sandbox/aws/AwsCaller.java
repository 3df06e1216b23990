package org.messagebusbridge.sandbox.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.messagebusbridge.sandbox.SandboxException;

/**
 * Asks an emulator, without an SDK: to prepare what a test needs, and to read back what the product
 * left. Throws {@link SandboxException} when it is refused.
 */
public final class AwsCaller {

  private static final String DATE = "20260101";

  /** The first part of {@code X-Amz-Target} of the services that speak JSON. */
  private static final Map<String, String> TARGETS =
      Map.of(
          "ssm", "AmazonSSM",
          "secretsmanager", "secretsmanager",
          "logs", "Logs_20140328",
          "kms", "TrentService",
          "ecs", "AmazonEC2ContainerServiceV20141113",
          "ecr", "AmazonEC2ContainerRegistry_V20150921");

  private final URI emulator;
  private final String region;
  private final AwsCredentials credentials;

  AwsCaller(URI emulator, String region, AwsCredentials credentials) {
    this.emulator = emulator;
    this.region = region;
    this.credentials = credentials;
  }

  /**
   * Calls an action of a service that speaks JSON.
   *
   * @param action as IAM writes it: {@code ssm:PutParameter}, {@code logs:GetLogEvents}
   * @param parameters with names and types of the service's API reference
   */
  public JsonNode json(String action, Map<String, ?> parameters) {
    String service = action.substring(0, action.indexOf(':'));
    String target = TARGETS.getOrDefault(service, service) + action.substring(service.length());
    try {
      HttpRequest request =
          request(service)
              .header("Content-Type", "application/x-amz-json-1.1")
              .header("X-Amz-Target", target.replace(':', '.'))
              .POST(
                  HttpRequest.BodyPublishers.ofByteArray(
                      AwsRequest.JSON.writeValueAsBytes(parameters)))
              .build();
      String answer = send(request, action);
      return AwsRequest.JSON.readTree(answer.isEmpty() ? "{}" : answer);
    } catch (IOException e) {
      throw new SandboxException("%s failed: %s".formatted(action, e), e);
    }
  }

  /**
   * Calls an action of a service that speaks the query protocol, such as {@code iam:CreateUser}.
   *
   * @return the answer's XML
   */
  public String query(String action, String version, Map<String, String> parameters) {
    String service = action.substring(0, action.indexOf(':'));
    String body =
        "Action=%s&Version=%s".formatted(action.substring(service.length() + 1), version)
            + parameters.entrySet().stream()
                .map(
                    entry ->
                        "&%s=%s"
                            .formatted(entry.getKey(), URLEncoder.encode(entry.getValue(), UTF_8)))
                .collect(Collectors.joining());
    try {
      return send(
          request(service)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          action);
    } catch (IOException e) {
      throw new SandboxException("%s failed: %s".formatted(action, e), e);
    }
  }

  /**
   * Makes a user who may do what the policy says and no more; for an endpoint with {@link
   * AwsOption#IAM}.
   *
   * @param policy a policy document, JSON
   */
  public AwsCredentials user(String name, String policy) {
    String version = "2010-05-08";
    query("iam:CreateUser", version, Map.of("UserName", name));
    query(
        "iam:PutUserPolicy",
        version,
        Map.of("UserName", name, "PolicyName", "test", "PolicyDocument", policy));
    String answer = query("iam:CreateAccessKey", version, Map.of("UserName", name));
    return new AwsCredentials(element(answer, "AccessKeyId"), element(answer, "SecretAccessKey"));
  }

  private static String element(String xml, String name) {
    Matcher element = Pattern.compile("<%1$s>([^<]*)</%1$s>".formatted(name)).matcher(xml);
    if (!element.find()) {
      throw new SandboxException("there is no %s in the answer %s".formatted(name, xml));
    }
    return element.group(1);
  }

  private HttpRequest.Builder request(String service) {
    return HttpRequest.newBuilder(emulator.resolve("/"))
        .header(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=%s/%s/%s/%s/aws4_request, SignedHeaders=host, Signature=0"
                .formatted(credentials.accessKeyId(), DATE, region, service))
        .header("X-Amz-Date", DATE + "T000000Z");
  }

  private static String send(HttpRequest request, String action) throws IOException {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
      if (response.statusCode() / 100 != 2) {
        throw new SandboxException(
            "%s was refused with %d: %s".formatted(action, response.statusCode(), response.body()));
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted in " + action, e);
    }
  }
}
