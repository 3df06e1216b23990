package org.messagebusbridge.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Parameters of AWS Systems Manager, {@code /mq2wsbridge/<section>/<key>}; the environment's {@code
 * MBB_SSM_PREFIX} names another place than {@code /mq2wsbridge}, so that several bridges fit into
 * one account.
 */
public final class ParameterSource implements ValueSource {
  /** What the names of all parameters begin with, without a slash at the end. */
  public static final String ROOT = "/mq2wsbridge";

  /** Of the environment: what the names of parameters begin with instead. */
  public static final String ROOT_VARIABLE = "MBB_SSM_PREFIX";

  /** SSM API reference, PutParameter, {@code Name}: at most 15 levels, of which two are a key's. */
  private static final Pattern VALID_ROOT = Pattern.compile("(/[A-Za-z0-9_.-]+){1,13}");

  private final String root;
  private final Map<String, String> parameters;

  /**
   * @param root what all their names begin with, as {@link #root} has it
   * @param parameters their values by their full names
   */
  public ParameterSource(String root, Map<String, String> parameters) {
    this.root = root;
    this.parameters = Map.copyOf(parameters);
  }

  /**
   * What the names of parameters begin with.
   *
   * @throws ConfigurationException when the environment says what no name can begin with
   */
  public static String root(Map<String, String> environment) throws ConfigurationException {
    String root = environment.getOrDefault(ROOT_VARIABLE, "").strip();
    if (root.isEmpty()) {
      return ROOT;
    }
    if (!VALID_ROOT.matcher(root).matches()) {
      throw new ConfigurationException(
          List.of(
              new Problem(
                  ROOT_VARIABLE,
                  "the names of SSM parameters cannot begin with '"
                      + root
                      + "'; give a path such as "
                      + ROOT
                      + ", with a slash before each part and none at the end.")),
          List.of());
    }
    return root;
  }

  /** The parameter of a key. */
  public static String nameOf(String root, Key<?> key) {
    return nameOf(root, key, key.name());
  }

  private static String nameOf(String root, Key<?> key, String name) {
    return root + "/" + key.section() + "/" + name;
  }

  String root() {
    return root;
  }

  boolean isEmpty() {
    return parameters.isEmpty();
  }

  @Override
  public Optional<SourcedValue> find(Key<?> key) {
    return key.names().stream().flatMap(name -> find(nameOf(root, key, name)).stream()).findFirst();
  }

  private Optional<SourcedValue> find(String name) {
    return Optional.ofNullable(parameters.get(name))
        .map(text -> new SourcedValue(PythonText.strip(text), origin(name)));
  }

  private static Origin origin(String name) {
    return new Origin("SSM parameter " + name);
  }

  @Override
  public List<Problem> problems() {
    return List.of();
  }

  @Override
  public List<Problem> warnings() {
    List<Problem> warnings = new ArrayList<>();
    for (String name : new TreeMap<>(parameters).keySet()) {
      doubt(name).ifPresent(text -> warnings.add(new Problem(origin(name).text(), text)));
    }
    return warnings;
  }

  /** Why a parameter has no effect; empty when it has. */
  private Optional<String> doubt(String name) {
    String[] parts = name.substring(root.length()).split("/", -1);
    if (parts.length != 3) {
      return Optional.of("it is not of the form " + root + "/<section>/<key> and so sets nothing.");
    }
    Optional<Section> section = Keys.section(parts[1]);
    if (section.isEmpty()) {
      return Optional.of(Suggestions.unknownSection(parts[1]));
    }
    return section.get().find(parts[2]).isPresent()
        ? Optional.empty()
        : Optional.of(Suggestions.unknownKey(section.get(), parts[2]));
  }

  @Override
  public String advice(Key<?> key) {
    return "set the SSM parameter " + nameOf(root, key);
  }
}
