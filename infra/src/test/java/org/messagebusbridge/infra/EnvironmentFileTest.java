package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The options of environments, as they are committed. */
class EnvironmentFileTest {
  private static final Path ENVIRONMENTS = Path.of("../environments");
  private static final String FILE = "environments/live.json: ";
  private static final String STUB =
      "%swsHost=none would make a bridge that sends every message back to MQ, also of one that has"
          + " a service now; if that is meant, add stub=true.";

  @TempDir Path folder;

  private Options read(String json, String... context) throws OptionsException, IOException {
    Files.writeString(folder.resolve("live.json"), json);
    Map<String, Object> all = new TreeMap<>(Map.of("env", "live", "tag", "1a2b"));
    for (int i = 0; i < context.length; i += 2) {
      all.put(context[i], context[i + 1]);
    }
    return OptionsReader.read(all, folder);
  }

  private List<String> problems(String json, String... context) {
    return catchThrowableOfType(OptionsException.class, () -> read(json, context)).problems();
  }

  @Test
  void aFileHasTheOptionsAndTheCommandLineGoesBeforeIt() throws Exception {
    String json =
        """
        {"wsHost": "wss://api.example.com", "least": 3, "most": 5, "endpoints": true,
         "tags": {"owner": "payments"}, "egress": ["203.0.113.0/24", "198.51.100.0/24"]}
        """;

    Options options = read(json, "most", "7");

    assertThat(options.fleet().least()).isEqualTo(3);
    assertThat(options.fleet().most()).isEqualTo(7);
    assertThat(options.network().endpoints()).isTrue();
    assertThat(options.network().egress()).containsExactly("203.0.113.0/24", "198.51.100.0/24");
    assertThat(options.account().tags()).containsOnly(Map.entry("owner", "payments"));
  }

  /** What a variable of a workflow that is empty, or a hurry, leaves out. */
  @Test
  void aServiceIsNeverForgotten() {
    assertThat(problems("{}"))
        .containsExactly(
            "there is no wsHost; give the WebSocket service's, wss://..., or wsHost=none with"
                + " stub=true for a bridge that sends every message back to MQ.");
    assertThat(problems("{\"wsHost\": \"none\"}")).containsExactly(STUB.formatted(FILE));
  }

  /** One word in a file, or an option in a hurry, whether the stack is protected or not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"wsHost\": \"wss://a\"}",
        "{\"wsHost\": \"wss://a\", \"protect\": false}",
        "{\"wsHost\": \"wss://a\", \"profile\": \"dev\"}"
      })
  void aServiceBecomesAStubOnlyWhenThatIsSaid(String service) throws Exception {
    assertThat(problems(service, "wsHost", "none")).containsExactly(STUB.formatted("-c "));
    assertThat(problems(service.replace("wss://a", "none"))).containsExactly(STUB.formatted(FILE));
    assertThat(problems(service, "stub", "true"))
        .containsExactly("-c stub=true is for wsHost=none.");
    assertThat(read(service, "wsHost", "none", "stub", "true").peer())
        .isEqualTo(new Options.Stub());
  }

  @Test
  void mistakesSayTheirFile() {
    assertThat(problems("{\"wsHost\": \"wss://a\", \"least\": 99}"))
        .containsExactly("environments/live.json: least=99 is not a whole number from 1 to 20.");
    assertThat(problems("{\"wsHost\": \"wss://a\", \"leest\": 1}"))
        .singleElement()
        .asString()
        .startsWith("there is no option environments/live.json: leest; there are env, profile, ");
    assertThat(problems("[]"))
        .containsExactly("environments/live.json is no object of JSON: line 1, column 1.");
    assertThat(problems("{\"least\": 1, \"least\": 2}"))
        .singleElement()
        .asString()
        .startsWith("environments/live.json is no object of JSON: line 1, column ");
  }

  @Test
  void anEnvironmentThatIsNotThereIsASentence() {
    OptionsException e =
        catchThrowableOfType(
            OptionsException.class,
            () -> OptionsReader.read(Map.of("env", "../pom"), ENVIRONMENTS));

    assertThat(e.problems())
        .containsExactly(
            "-c env=../pom: there is no environments/../pom.json; there are dev, prod.");
  }

  @Test
  void theSchemaKnowsEveryOptionAndNoOther() throws Exception {
    JsonNode schema =
        Variant.read(
            Path.of("src/main/resources/org/messagebusbridge/infra/environment.schema.json"));
    OptionsException e =
        catchThrowableOfType(
            OptionsException.class, () -> OptionsReader.read(Map.of("nosuch", "1"), ENVIRONMENTS));
    String last = e.problems().get(e.problems().size() - 1);
    TreeSet<String> options =
        new TreeSet<>(
            List.of(last.replaceFirst(".*; there are ", "").replace(".", "").split(", ", -1)));
    options.remove("env");
    options.add("$schema");

    TreeSet<String> known = new TreeSet<>();
    schema.get("properties").fieldNames().forEachRemaining(known::add);
    assertThat(known).isEqualTo(options);
    assertThat(schema.get("additionalProperties").asBoolean()).isFalse();
  }

  @Test
  void committedFilesKeepToTheSchema() {
    Schema schema = Schema.of("environment.schema.json");

    List<String> names = EnvironmentFile.names(ENVIRONMENTS);
    assertThat(names).containsExactly("dev", "prod");
    for (String name : names) {
      assertThat(schema.violations(Variant.read(ENVIRONMENTS.resolve(name + ".json"))))
          .as(name)
          .isEmpty();
    }
    assertThat(schema.violations(Variant.json("{\"least\": \"two\", \"colour\": 1}"))).hasSize(3);
    assertThat(Optional.of(schema.violations(Variant.json("{\"wsHost\": \"api\"}"))))
        .hasValueSatisfying(found -> assertThat(found).hasSize(1));
  }
}
