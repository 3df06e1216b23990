package org.messagebusbridge.config;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Makes the {@link Configuration} of what the sources say. The environment goes before the file,
 * the file before the defaults; an empty value counts as none, and so falls to the next.
 */
public final class ConfigurationLoader {
  /** The file that is read when none is named: the Python service's, in the working directory. */
  public static final Path DEFAULT_FILE = Path.of("mq2wsbridge.ini");

  private ConfigurationLoader() {}

  /**
   * What was made.
   *
   * @param configuration complete and valid for what was required of it
   * @param settings every key with what is in force and where it came from, for people to read
   * @param warnings what was not taken up, or is likely not meant; each is a line for the log
   */
  public record Loaded(
      Configuration configuration, List<Setting> settings, List<Problem> warnings) {}

  /**
   * Reads an INI file and the environment.
   *
   * @param file the file; if it is {@link #DEFAULT_FILE} and is not there, the environment alone
   *     will do when it sets any key
   * @param environment all environment variables
   * @throws ConfigurationException with all that is wrong
   */
  public static Loaded load(Path file, Map<String, String> environment, Requirements requirements)
      throws ConfigurationException {
    EnvironmentSource variables = new EnvironmentSource(environment);
    if (file.equals(DEFAULT_FILE)
        && !Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && variables.setsAnything()) {
      return load(List.of(variables), requirements);
    }
    return load(List.of(variables, IniSource.read(file)), requirements);
  }

  /**
   * Takes a parameter store and the environment, which goes before it.
   *
   * @param parameters what the store holds; nothing at all will do only when the environment sets
   *     any key
   * @param where the store is, for people: {@code eu-west-1}
   * @throws ConfigurationException with all that is wrong
   */
  public static Loaded load(
      ParameterSource parameters,
      String where,
      Map<String, String> environment,
      Requirements requirements)
      throws ConfigurationException {
    EnvironmentSource variables = new EnvironmentSource(environment);
    if (parameters.isEmpty() && !variables.setsAnything()) {
      throw new ConfigurationException(
          List.of(
              new Problem(
                  "",
                  "There is no SSM parameter below "
                      + parameters.root()
                      + " in "
                      + where
                      + "; write an INI file to them with ./mbb bridge -s -M, or name another"
                      + " region with -r.")),
          List.of());
    }
    return load(List.of(variables, parameters), requirements);
  }

  /**
   * Reads any sources.
   *
   * @param sources the first one that has a value wins
   * @throws ConfigurationException with all that is wrong
   */
  public static Loaded load(List<ValueSource> sources, Requirements requirements)
      throws ConfigurationException {
    Values values = new Values(sources, requirements);
    values.read();
    if (values.failed()) {
      throw new ConfigurationException(values.problems(), values.warnings());
    }
    return new Loaded(values.configuration(), values.settings(), values.warnings());
  }
}
