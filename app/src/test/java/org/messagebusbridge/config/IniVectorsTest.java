package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.messagebusbridge.config.IniFile.IniOption;

/** The parser against what Python's own made of the same files (see generate.py next to them). */
class IniVectorsTest {
  static Stream<Path> vectors() throws IOException, URISyntaxException {
    Path directory =
        Path.of(Objects.requireNonNull(IniVectorsTest.class.getResource("/ini/sample.ini")).toURI())
            .resolveSibling("");
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> vectors = files.filter(file -> file.toString().endsWith(".ini")).sorted().toList();
      assertThat(vectors).hasSize(45);
      return vectors.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void readsWhatPythonReadsAndRefusesWhatPythonRefuses(Path vector) throws IOException {
    String expected =
        Files.readString(
            vector.resolveSibling(vector.getFileName().toString().replace(".ini", ".expected")));

    IniFile file = IniParser.parse(vector.getFileName(), Files.readString(vector));
    List<String> errors = new ArrayList<>();
    Set<String> options = options(file, errors);

    if (expected.startsWith("error ")) {
      assertThat(errors).as(expected).isNotEmpty();
    } else {
      assertThat(errors).isEmpty();
      assertThat(String.join("", options)).isEqualTo(expected);
    }
  }

  private static Set<String> options(IniFile file, List<String> errors) {
    file.problems().forEach(problem -> errors.add(problem.toString()));
    Set<String> options = new TreeSet<>();
    file.sections()
        .forEach(
            (section, ini) -> {
              Set<String> names = new LinkedHashSet<>(ini.options().keySet());
              names.addAll(file.defaults().keySet());
              var interpolation =
                  new Interpolation(name -> file.option(section, name).map(IniOption::value));
              for (String name : names) {
                try {
                  String value =
                      interpolation.resolve(file.option(section, name).orElseThrow().value());
                  options.add(section + "\t" + name + "\t" + escaped(value) + "\n");
                } catch (BadValueException e) {
                  errors.add(section + "." + name + " " + e.getMessage());
                }
              }
            });
    return options;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }
}
