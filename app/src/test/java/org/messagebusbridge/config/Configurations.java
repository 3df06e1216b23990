package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.messagebusbridge.config.ConfigurationLoader.Loaded;

/** Configurations for tests, read from a text as from a file named {@code t.ini}. */
public final class Configurations {
  public static final Requirements BRIDGE = Requirements.bridge(false, false, false);

  /** The least that a bridge starts with. */
  public static final String MINIMAL =
      """
      [ws_api]
      api_host=ws://localhost:8080
      api_uri=/ws
      [aws_mq]
      mq_host=localhost
      mq_user_id=user
      mq_password=Pa55!
      mq_qname_to_ws=to_ws
      mq_qname_from_ws=from_ws
      """;

  private Configurations() {}

  public static Loaded load(String ini) throws ConfigurationException {
    return load(ini, Map.of(), BRIDGE);
  }

  public static Loaded load(String ini, Map<String, String> environment, Requirements requirements)
      throws ConfigurationException {
    return ConfigurationLoader.load(
        List.of(new EnvironmentSource(environment), IniSource.of(Path.of("t.ini"), ini)),
        requirements);
  }

  /** What is refused about a text, line by line. */
  public static List<String> errors(String ini, Requirements requirements) {
    return lines(refusal(ini, Map.of(), requirements).problems());
  }

  public static List<String> errors(String ini) {
    return errors(ini, BRIDGE);
  }

  public static ConfigurationException refusal(
      String ini, Map<String, String> environment, Requirements requirements) {
    return catchThrowableOfType(
        ConfigurationException.class, () -> load(ini, environment, requirements));
  }

  public static List<String> warnings(String ini) throws ConfigurationException {
    return lines(load(ini).warnings());
  }

  public static List<String> lines(List<Problem> problems) {
    return problems.stream().map(Problem::toString).toList();
  }

  /** The minimal configuration with one key of it set to another value, or one more key. */
  public static String with(String section, String assignment) {
    String key = assignment.substring(0, assignment.indexOf('=') + 1);
    String without = MINIMAL.replaceAll("(?m)^" + key + ".*\n", "");
    String header = "[" + section + "]\n";
    return without.contains(header)
        ? without.replace(header, header + assignment + "\n")
        : without + header + assignment + "\n";
  }
}
