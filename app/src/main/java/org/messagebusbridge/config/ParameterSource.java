package org.messagebusbridge.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Parameters of AWS Systems Manager, {@code /mq2wsbridge/<section>/<key>}. Where a key's own is
 * absent, the name that the Python service gave it is looked up, for five keys.
 */
public final class ParameterSource implements ValueSource {
  /** What the names of all parameters begin with, without a slash at the end. */
  public static final String ROOT = "/mq2wsbridge";

  private static final Map<String, String> OLD_NAMES =
      Map.of(
          "aws_mq.mq_user_id", ROOT + "/aws_mq/mq_userid",
          "ws_api.api_host", ROOT + "/ws_api/ws_api_host",
          "ws_api.api_uri", ROOT + "/ws_api/ws_api_uri",
          "ws_api.client_id", ROOT + "/ws_api/ws_client_id",
          "ws_api.client_secret", ROOT + "/ws_api/ws_client_password");

  private final Map<String, String> parameters;

  /**
   * @param parameters their values by their full names
   */
  public ParameterSource(Map<String, String> parameters) {
    this.parameters = Map.copyOf(parameters);
  }

  /** The parameter of a key. */
  public static String nameOf(Key<?> key) {
    return ROOT + "/" + key.section() + "/" + key.name();
  }

  boolean isEmpty() {
    return parameters.isEmpty();
  }

  @Override
  public Optional<SourcedValue> find(Key<?> key) {
    return find(nameOf(key))
        .or(() -> Optional.ofNullable(OLD_NAMES.get(key.toString())).flatMap(this::find));
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
      if (!OLD_NAMES.containsValue(name)) {
        doubt(name).ifPresent(text -> warnings.add(new Problem(origin(name).text(), text)));
      }
    }
    return warnings;
  }

  /** Why a parameter has no effect; empty when it has. */
  private static Optional<String> doubt(String name) {
    String[] parts = name.substring(ROOT.length()).split("/", -1);
    if (parts.length != 3) {
      return Optional.of("it is not of the form " + ROOT + "/<section>/<key> and so sets nothing.");
    }
    Optional<Section> section = Section.named(parts[1]);
    if (section.isEmpty()) {
      return Optional.of(Suggestions.unknownSection(parts[1]));
    }
    return Keys.find(section.get(), parts[2]).isPresent()
        ? Optional.empty()
        : Optional.of(Suggestions.unknownKey(section.get(), parts[2]));
  }

  @Override
  public String advice(Key<?> key) {
    return "set the SSM parameter " + nameOf(key);
  }
}
