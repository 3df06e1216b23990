package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.Fuzz;
import org.messagebusbridge.config.IniFile.IniOption;
import org.messagebusbridge.config.IniFile.IniSection;

/** Whatever a file holds, it is read, or each line that cannot be is named. */
@Tag("fuzz")
class IniFuzzTest {
  private static final Path FILE = Path.of("any.ini");

  static Arbitrary<String> files() {
    Arbitrary<String> telling =
        Arbitraries.of(
            "\n", "\n", "\n", "\r\n", "\r", " ", "\t", "=", ":", "[", "]", "#", ";", "%", "%(",
            ")s", "%%", "\u00a0", "\u000b", "\u001c", "\u0085", "\u2028", "\ufeff", "\u3000");
    Arbitrary<String> words =
        Arbitraries.of(
            "[a]",
            "[b]",
            "[DEFAULT]",
            "[default]",
            "k",
            "j",
            "key",
            "KEY",
            "k=1",
            "j = 2",
            "k: v",
            "%(j)s",
            "\nk=1",
            "\n  more",
            "\n[a]\n",
            "\n# c\n",
            "\n; c\n",
            "\u0130",
            "\u00df",
            "\u017f");
    return Arbitraries.frequencyOf(
            Tuple.of(4, telling),
            Tuple.of(6, words),
            Tuple.of(1, Arbitraries.strings().ofMaxLength(3)))
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  private static IniFile parsed(String text) {
    return IniParser.parse(FILE, text);
  }

  @Test
  void anyTextIsReadAndEveryProblemHasItsLine() {
    Fuzz.check(
        "IniFuzzTest#anyTextIsReadAndEveryProblemHasItsLine",
        15_000,
        files(),
        text -> {
          int lines = PythonText.lines(text).size();
          IniFile file = parsed(text);
          for (Problem problem : file.problems()) {
            assertThat(problem.toString()).matches("(?s)any\\.ini:[0-9]+: .*\\.");
          }
          for (IniSection section : file.sections().values()) {
            assertThat(section.line()).isBetween(1, lines);
            for (IniOption option : section.options().values()) {
              assertThat(option.line()).isBetween(1, lines);
            }
          }
        });
  }

  @Test
  void theKindOfLineEndMakesNoDifference() {
    Fuzz.check(
        "IniFuzzTest#theKindOfLineEndMakesNoDifference",
        10_000,
        files(),
        text -> {
          String unix = text.replace("\r\n", "\n").replace('\r', '\n');
          assertThat(parsed(text)).isEqualTo(parsed(unix));
          assertThat(parsed(unix.replace("\n", "\r\n"))).isEqualTo(parsed(unix));
        });
  }

  @Test
  void whatWasReadAndIsWrittenAgainIsReadTheSame() {
    Fuzz.check(
        "IniFuzzTest#whatWasReadAndIsWrittenAgainIsReadTheSame",
        20_000,
        files(),
        text -> {
          IniFile file = parsed(text);
          StringBuilder again = new StringBuilder();
          write(again, "DEFAULT", file.defaults());
          file.sections().forEach((name, section) -> write(again, name, section.options()));

          IniFile second = parsed(again.toString());

          assertThat(second.problems()).as("%s", again).isEmpty();
          assertThat(values(second.defaults())).isEqualTo(values(file.defaults()));
          assertThat(sections(second)).isEqualTo(sections(file));
        });
  }

  private static void write(StringBuilder text, String section, Map<String, IniOption> options) {
    text.append('[').append(section).append("]\n");
    options.forEach(
        (name, option) ->
            text.append(name)
                .append(" = ")
                .append(option.value().replace("\n", "\n  "))
                .append('\n'));
  }

  private static List<String> sections(IniFile file) {
    return file.sections().entrySet().stream()
        .map(section -> section.getKey() + values(section.getValue().options()))
        .toList();
  }

  private static List<String> values(Map<String, IniOption> options) {
    return options.entrySet().stream()
        .map(option -> option.getKey() + "=" + option.getValue().value())
        .toList();
  }
}
