package org.messagebusbridge.infra;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The options of one environment, committed as {@code environments/NAME.json}: what is deployed is
 * what was reviewed, and nothing hangs on what somebody remembers to type.
 *
 * @param name as people know it, such as environments/prod.json
 */
record EnvironmentFile(String name, Map<String, Object> values) {
  /** Where they are, below the folder that the CDK runs in. */
  static final Path FOLDER = Path.of("environments");

  private static final String SCHEMA = "$schema";
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** That of a deployment whose options are all on the command line. */
  static EnvironmentFile none() {
    return new EnvironmentFile("environments", Map.of());
  }

  /**
   * Reads one.
   *
   * @param environment its name, without folder and ending; empty: none
   * @throws OptionsException when there is no such file, or it is no object of JSON
   */
  static EnvironmentFile read(Path folder, Optional<String> environment) throws OptionsException {
    if (environment.isEmpty()) {
      return none();
    }
    String name = FOLDER + "/" + environment.get() + ".json";
    Path file = folder.resolve(environment.get() + ".json");
    if (!environment.get().matches("[a-z0-9-]{1,30}") || !Files.isRegularFile(file)) {
      throw new OptionsException(
          List.of(
              "-c env=%s: there is no %s; there are %s."
                  .formatted(environment.get(), name, String.join(", ", names(folder)))));
    }
    try {
      TreeMap<String, Object> values =
          JSON.readValue(Files.readString(file), new TypeReference<TreeMap<String, Object>>() {});
      values.remove(SCHEMA);
      return new EnvironmentFile(name, values);
    } catch (JsonProcessingException e) {
      throw new OptionsException(
          List.of(
              "%s is no object of JSON: line %d, column %d."
                  .formatted(
                      name,
                      e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                      e.getLocation() == null ? 1 : e.getLocation().getColumnNr())));
    } catch (IOException e) {
      throw new OptionsException(List.of(name + " cannot be read."));
    }
  }

  /** The environments that there are. */
  static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".json"))
          .map(file -> file.replaceFirst("\\.json$", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of("none");
    }
  }
}
