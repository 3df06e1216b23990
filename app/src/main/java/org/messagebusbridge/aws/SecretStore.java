package org.messagebusbridge.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Secrets of AWS Secrets Manager that are JSON objects. Needs {@code secretsmanager:GetSecretValue}
 * and, where a secret is encrypted under a key other than the account's default, {@code
 * kms:Decrypt} on that. Safe for use by several threads.
 */
public final class SecretStore {
  private static final String ACTION = "secretsmanager:GetSecretValue";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final AwsSession session;

  public SecretStore(AwsSession session) {
    this.session = session;
  }

  /**
   * Some fields of a secret, all of which it has to have. It may have others.
   *
   * @param arn which secret; it is asked for in its own region
   * @param key the key of the configuration that names it, for errors
   * @param fields names in the JSON object
   * @return their values by their names; secret
   * @throws AwsException when it cannot be read, or does not have them
   */
  public Map<String, String> read(String arn, String key, List<String> fields) throws AwsException {
    Map<String, String> found = parse(text(arn, key), arn, key);
    for (String field : fields) {
      if (found.getOrDefault(field, "").isEmpty()) {
        throw malformed(arn, key, "has no field " + field, fields);
      }
    }
    found.keySet().retainAll(fields);
    return Map.copyOf(found);
  }

  private String text(String arn, String key) throws AwsException {
    String region = arn.split(":", -1)[3];
    try (SecretsManagerClient client =
        session.client(SecretsManagerClient.builder(), Optional.of(region), TIMEOUT)) {
      String text = client.getSecretValue(get -> get.secretId(arn)).secretString();
      if (text == null) {
        throw malformed(arn, key, "is binary", List.of());
      }
      return text;
    } catch (SdkException e) {
      throw new AwsFailures(ACTION, arn + " (" + key + ")", region).explain(e);
    }
  }

  /** The fields of the object that are text. Errors never quote it. */
  private static Map<String, String> parse(String json, String arn, String key)
      throws AwsException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed(arn, key, "is no JSON object", List.of());
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING) {
          fields.put(name, parser.getText());
        } else {
          parser.skipChildren();
        }
      }
      return fields;
    } catch (IOException e) {
      throw malformed(arn, key, "is no JSON object", List.of());
    }
  }

  private static AwsException malformed(String arn, String key, String what, List<String> fields) {
    return AwsException.mistake(
        "The secret %s (%s) %s; store a JSON object in it%s."
            .formatted(
                arn, key, what, fields.isEmpty() ? "" : " with " + String.join(" and ", fields)),
        null);
  }
}
