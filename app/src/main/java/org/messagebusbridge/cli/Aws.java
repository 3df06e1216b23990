package org.messagebusbridge.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.aws.AwsException;
import org.messagebusbridge.aws.AwsSession;
import org.messagebusbridge.aws.ParameterStore;
import org.messagebusbridge.aws.SecretStore;
import org.messagebusbridge.config.AmqpConfig;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.ConfigurationLoader;
import org.messagebusbridge.config.ConfigurationLoader.Loaded;
import org.messagebusbridge.config.ParameterSource;
import org.messagebusbridge.config.Requirements;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.WebSocketConfig;

/**
 * What of a configuration is at AWS: parameters and secrets. No class of AWS is loaded for them but
 * through this one.
 */
final class Aws {
  private static final String USERNAME = "username";
  private static final String PASSWORD = "password";
  private static final String CLIENT_ID = "client_id";
  private static final String CLIENT_SECRET = "client_secret";

  private Aws() {}

  /**
   * A configuration of SSM parameters, and of the environment, which goes before them.
   *
   * @param region empty: that of the environment
   */
  static Loaded parameters(
      Optional<String> region, Map<String, String> environment, Requirements requirements)
      throws ConfigurationException, CommandException {
    String root = ParameterSource.root(environment);
    try (ParameterStore store = ParameterStore.open(AwsSession.ofEnvironment(), region)) {
      Map<String, String> parameters = new HashMap<>();
      store.read(root).forEach((name, stored) -> parameters.put(name, stored.value()));
      return ConfigurationLoader.load(
          new ParameterSource(root, parameters), store.region(), environment, requirements);
    } catch (AwsException e) {
      throw failed(e);
    }
  }

  /** The same configuration with the credentials of the secrets that it names. */
  static Configuration withSecrets(Configuration configuration) throws CommandException {
    SecretStore store = new SecretStore(AwsSession.ofEnvironment());
    try {
      Configuration complete = configuration;
      AmqpConfig amqp = configuration.amqp();
      if (amqp.secretArn().isPresent()) {
        Map<String, String> login =
            store.read(amqp.secretArn().get(), "aws_mq.mq_secret_arn", List.of(USERNAME, PASSWORD));
        complete =
            amqp.withLogin(of(login, USERNAME), new Secret(of(login, PASSWORD))).configuration();
      }
      if (configuration.webSocket().flatMap(WebSocketConfig::secretArn).isPresent()) {
        complete = withClient(new WebSocketConfig(complete), store).configuration();
      }
      return complete;
    } catch (AwsException e) {
      throw failed(e);
    }
  }

  private static WebSocketConfig withClient(WebSocketConfig api, SecretStore store)
      throws AwsException, CommandException {
    String arn = api.secretArn().orElseThrow();
    boolean needsId =
        switch (api.auth()) {
          case JWT, BASIC -> true;
          case BEARER, NONE -> false;
        };
    List<String> fields = needsId ? List.of(CLIENT_ID, CLIENT_SECRET) : List.of(CLIENT_SECRET);
    Map<String, String> client = store.read(arn, "ws_api.ws_secret_arn", fields);
    Secret secret = new Secret(of(client, CLIENT_SECRET));
    Optional<String> flaw = api.auth().flaw(secret);
    if (flaw.isPresent()) {
      throw CommandException.mistake(
          "ws_api.ws_secret_arn (client_secret in %s): %s".formatted(arn, flaw.get()));
    }
    return api.withClient(Optional.ofNullable(client.get(CLIENT_ID)).or(api::clientId), secret);
  }

  private static String of(Map<String, String> fields, String name) {
    return fields.getOrDefault(name, "");
  }

  /** What only a change helps is the user's mistake. */
  static CommandException failed(AwsException failure) {
    return failure.isMistake()
        ? CommandException.mistake(List.of(failure.sentence()), failure)
        : CommandException.failure(failure.sentence(), failure);
  }
}
