package org.messagebusbridge.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.aws.AwsException;
import org.messagebusbridge.aws.AwsSession;
import org.messagebusbridge.aws.ParameterStore;
import org.messagebusbridge.aws.SecretStore;
import org.messagebusbridge.config.BusModule;
import org.messagebusbridge.config.BusModule.Side;
import org.messagebusbridge.config.BusModule.StoredSecret;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.ConfigurationLoader;
import org.messagebusbridge.config.ConfigurationLoader.Loaded;
import org.messagebusbridge.config.ParameterSource;
import org.messagebusbridge.config.Requirements;

/**
 * What of a configuration is at AWS: parameters and secrets. No class of AWS is loaded for them but
 * through this one.
 */
final class Aws {
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
    Configuration complete = configuration;
    try {
      for (Side side : List.of(Side.MQ, Side.API)) {
        BusModule bus = configuration.bus(side);
        Optional<StoredSecret> secret = bus.secret(configuration);
        if (secret.isPresent()) {
          complete = bus.withSecret(complete, read(store, secret.get()));
        }
      }
      return complete;
    } catch (AwsException e) {
      throw failed(e);
    } catch (ConfigurationException e) {
      throw CommandException.mistake(e);
    }
  }

  private static Map<String, String> read(SecretStore store, StoredSecret secret)
      throws AwsException {
    return store.read(secret.arn(), secret.key().toString(), secret.fields());
  }

  /** What only a change helps is the user's mistake. */
  static CommandException failed(AwsException failure) {
    return failure.isMistake()
        ? CommandException.mistake(List.of(failure.sentence()), failure)
        : CommandException.failure(failure.sentence(), failure);
  }
}
