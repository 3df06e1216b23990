package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of prices in docs/deploy.md. */
class CostTest {

  @Test
  void everyColumnAddsUp() throws IOException {
    String document = Files.readString(Path.of("../docs/deploy.md"));
    String section =
        document.substring(document.indexOf("## What it costs"), document.indexOf("## Tear down"));
    List<List<String>> rows = new ArrayList<>();
    for (String line : section.lines().filter(each -> each.startsWith("|")).toList()) {
      rows.add(List.of(line.substring(1, line.length() - 1).split("\\|", -1)));
    }
    List<String> sums = rows.get(rows.size() - 1);

    assertThat(section).contains("as of November 2026");
    assertThat(rows).hasSize(10);
    assertThat(sums.get(0).strip()).isEqualTo("**together**");
    for (int column = 1; column < sums.size(); column++) {
      int sum = 0;
      for (List<String> row : rows.subList(2, rows.size() - 1)) {
        assertThat(row).hasSameSizeAs(sums);
        sum += Integer.parseInt(row.get(column).strip());
      }
      assertThat(sums.get(column).strip()).as(rows.get(0).get(column)).isEqualTo("**" + sum + "**");
    }
  }
}
