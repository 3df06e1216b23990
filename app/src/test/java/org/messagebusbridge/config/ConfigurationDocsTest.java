package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds the reference to the keys. To write it anew, run this with {@code -Dmbb.docs=write}. */
class ConfigurationDocsTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");
  private static final String END = "<!-- /keys -->";

  @Test
  void documentsEveryKeyAsTheCodeHasIt() throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf('\n', page.indexOf("<!-- keys:")) + 1;
    int end = page.indexOf(END);
    if ("write".equals(System.getProperty("mbb.docs"))) {
      Files.writeString(PAGE, page.substring(0, start) + tables() + page.substring(end));
      return;
    }

    assertThat(page.substring(start, end)).isEqualTo(tables());
  }

  private static String tables() {
    StringBuilder text = new StringBuilder();
    for (Section section : Keys.SECTIONS) {
      text.append("\n### `[").append(section).append("]`: ").append(section.about());
      text.append("\n\n| key | default | value | what it is for |\n|---|---|---|---|\n");
      section.keys().forEach(key -> text.append(row(key)));
    }
    return text.append('\n').toString();
  }

  private static String row(Key<?> key) {
    String unset = key.standard().isPresent() ? "`" + key.unset() + "`" : key.unset();
    String secret = key.secret() ? " *(secret)*" : "";
    return "| `%s` | %s | %s | %s%s |\n"
        .formatted(
            key.name(),
            escaped(unset),
            escaped(key.type().form()),
            escaped(key.description()),
            secret);
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|");
  }
}
