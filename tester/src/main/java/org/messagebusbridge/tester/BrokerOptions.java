package org.messagebusbridge.tester;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.messagebusbridge.amqp.AmqpConfig;
import org.messagebusbridge.aws.AwsException;
import org.messagebusbridge.aws.AwsSession;
import org.messagebusbridge.aws.ParameterStore;
import org.messagebusbridge.aws.SecretStore;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.ConfigurationLoader;
import org.messagebusbridge.config.ConfigurationLoader.Loaded;
import org.messagebusbridge.config.ParameterSource;
import org.messagebusbridge.config.Problem;
import org.messagebusbridge.config.Requirements;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.tester.Console.Severity;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags that say where the broker is told: in the bridge's own configuration. */
final class BrokerOptions {

  private static final String USER = "username";
  private static final String PASSWORD = "password";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create(); // replaced by picocli

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The bridge's INI file (mq2wsbridge.ini).")
  private Path file = ConfigurationLoader.DEFAULT_FILE;

  @Option(
      names = {"-s", "--ssm"},
      description = "Read the configuration from SSM parameters, not from a file.")
  private boolean ssm;

  @Option(
      names = "--ssm-region",
      paramLabel = "REGION",
      description = "The AWS region of the SSM parameters (with -s; that of the environment).")
  private Optional<String> region = Optional.empty();

  /**
   * The broker, with its user and password.
   *
   * @throws AwsException when SSM or Secrets Manager does not tell
   */
  AmqpConfig read(Map<String, String> environment, Console console)
      throws ConfigurationException, AwsException {
    if (region.isPresent() && !ssm) {
      throw new ParameterException(
          spec.commandLine(), "--ssm-region needs -s (--ssm): it says where SSM is");
    }
    Loaded loaded =
        ssm
            ? fromParameters(environment)
            : ConfigurationLoader.load(file, environment, Requirements.tester());
    for (Problem warning : loaded.warnings()) {
      console.complain(Severity.WARNING, warning.toString());
    }
    AmqpConfig broker = new AmqpConfig(loaded.configuration());
    Optional<String> secret = broker.secretArn();
    return secret.isPresent() ? withSecret(broker, secret.get()) : broker;
  }

  private Loaded fromParameters(Map<String, String> environment)
      throws ConfigurationException, AwsException {
    String root = ParameterSource.root(environment);
    try (ParameterStore store = ParameterStore.open(AwsSession.ofEnvironment(), region)) {
      Map<String, String> values =
          store.read(root).entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().value()));
      return ConfigurationLoader.load(
          new ParameterSource(root, values), store.region(), environment, Requirements.tester());
    }
  }

  private static AmqpConfig withSecret(AmqpConfig broker, String arn) throws AwsException {
    Map<String, String> login =
        new SecretStore(AwsSession.ofEnvironment())
            .read(arn, "aws_mq.mq_secret_arn", List.of(USER, PASSWORD));
    return broker.withLogin(
        login.getOrDefault(USER, ""), new Secret(login.getOrDefault(PASSWORD, "")));
  }
}
