package org.messagebusbridge.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.Fuzz;
import org.messagebusbridge.config.IniFile.IniOption;
import org.messagebusbridge.sandbox.junit.Needs;

/** The parser against Python's own, on any text. */
@Tag("fuzz")
class IniPythonFuzzTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Python(Process process, OutputStream in, BufferedReader out)
      implements AutoCloseable {

    static Python start() throws Exception {
      Path oracle =
          Path.of(
              Objects.requireNonNull(IniPythonFuzzTest.class.getResource("/ini/oracle.py"))
                  .toURI());
      Process process =
          new ProcessBuilder("python3", oracle.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new Python(process, process.getOutputStream(), process.inputReader(UTF_8));
    }

    /** What it reads; null when it refuses the text. */
    JsonNode read(String text) throws IOException {
      byte[] bytes = text.getBytes(UTF_8);
      in.write((bytes.length + "\n").getBytes(UTF_8));
      in.write(bytes);
      in.flush();
      return JSON.readTree(out.readLine());
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void readsWhatPythonReadsAndRefusesWhatPythonRefuses() throws Exception {
    Needs.command("python3");
    try (Python python = Python.start()) {
      Fuzz.check(
          "IniPythonFuzzTest#readsWhatPythonReadsAndRefusesWhatPythonRefuses",
          6_000,
          // a file is UTF-8, which has no half of a surrogate pair
          IniFuzzTest.files().map(text -> new String(text.getBytes(UTF_8), UTF_8)),
          text -> {
            JsonNode expected = python.read(text);
            IniFile file = IniParser.parse(Path.of("any.ini"), text);
            if (expected.isNull()) {
              assertThat(file.problems()).isNotEmpty();
            } else {
              assertThat(file.problems()).isEmpty();
              assertThat(options(file)).isEqualTo(options(expected));
            }
          });
    }
  }

  private static Map<String, String> options(IniFile file) {
    Map<String, String> options = new TreeMap<>();
    file.sections()
        .forEach(
            (section, ini) -> {
              options.put(section, "");
              Set<String> names = new LinkedHashSet<>(ini.options().keySet());
              names.addAll(file.defaults().keySet());
              for (String name : names) {
                options.put(
                    section + "\t" + name,
                    file.option(section, name).map(IniOption::value).orElseThrow());
              }
            });
    return options;
  }

  private static Map<String, String> options(JsonNode python) {
    Map<String, String> options = new TreeMap<>();
    python
        .properties()
        .forEach(
            section -> {
              options.put(section.getKey(), "");
              section
                  .getValue()
                  .properties()
                  .forEach(
                      option ->
                          options.put(
                              section.getKey() + "\t" + option.getKey(),
                              option.getValue().asText()));
            });
    return options;
  }
}
