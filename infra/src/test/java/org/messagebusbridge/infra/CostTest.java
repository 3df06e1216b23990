package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tables of prices in docs/deploy.md: quantity times unit price, and their sums. */
class CostTest {
  private static final BigDecimal HOURS = new BigDecimal("730");
  private static final String TOGETHER = "**together**";

  /**
   * A row of a table.
   *
   * @param cells after label and unit price; quantity = amount, or nothing
   */
  private record Row(String label, String unitPrice, List<String> cells) {
    BigDecimal quantity(int column) {
      String cell = cells.get(column);
      return cell.isEmpty() ? BigDecimal.ZERO : new BigDecimal(cell.replaceFirst(" = .*", ""));
    }

    BigDecimal amount(int column) {
      return new BigDecimal(unitPrice).multiply(quantity(column)).setScale(2, RoundingMode.HALF_UP);
    }
  }

  private static List<Row> rows() throws IOException {
    String document = Files.readString(Path.of("../docs/deploy.md"));
    String section =
        document.substring(document.indexOf("## What it costs"), document.indexOf("## Tear down"));
    assertThat(section).contains("as of November 2026");
    List<Row> rows = new ArrayList<>();
    for (String line : section.lines().filter(each -> each.startsWith("|")).toList()) {
      List<String> cells =
          List.of(line.substring(1, line.length() - 1).split("\\|", -1)).stream()
              .map(String::strip)
              .toList();
      if (!cells.get(1).equals("unit price") && !cells.get(1).equals("---")) {
        rows.add(new Row(cells.get(0), cells.get(1), cells.subList(2, cells.size())));
      }
    }
    return rows;
  }

  private static Row row(String label) throws IOException {
    return rows().stream().filter(row -> row.label().startsWith(label)).findFirst().orElseThrow();
  }

  @Test
  void everyAmountIsItsQuantityAtItsUnitPrice() throws IOException {
    List<Row> rows = rows();

    assertThat(rows).hasSize(18);
    for (Row row : rows) {
      for (int column = 0; column < row.cells().size(); column++) {
        String cell = row.cells().get(column);
        if (!row.label().equals(TOGETHER) && !cell.isEmpty()) {
          assertThat(cell)
              .as(row.label())
              .isEqualTo(row.quantity(column).toPlainString() + " = " + row.amount(column));
        }
      }
    }
  }

  @Test
  void everyColumnAddsUp() throws IOException {
    List<Row> rows = rows();
    Row together = row(TOGETHER);

    assertThat(together.cells()).hasSize(4);
    for (int column = 0; column < 4; column++) {
      BigDecimal sum = BigDecimal.ZERO;
      for (Row row : rows.subList(0, rows.indexOf(together))) {
        assertThat(row.cells()).as(row.label()).hasSize(4);
        sum = sum.add(row.amount(column));
      }
      assertThat(together.cells().get(column))
          .isEqualTo("**" + sum.setScale(0, RoundingMode.HALF_UP) + "**");
    }
  }

  /** What is counted and not estimated: dev, the defaults, and the largest. */
  @Test
  void quantitiesAreTheTemplates() throws IOException {
    List<Variant> variants = List.of(Variant.DEV, Variant.STANDARD, Variant.LARGE);
    List<Integer> columns = List.of(0, 1, 3);

    for (int i = 0; i < variants.size(); i++) {
      int column = columns.get(i);
      Map<String, Long> base = variants.get(i).base().count();
      assertThat(row("NAT gateways").quantity(column))
          .as("hours of NAT gateways of %s", variants.get(i))
          .isEqualByComparingTo(hours(base.getOrDefault("AWS::EC2::NatGateway", 0L)));
      assertThat(row("secrets").quantity(column))
          .as("secrets of %s", variants.get(i))
          .isEqualByComparingTo(
              new BigDecimal(base.getOrDefault("AWS::SecretsManager::Secret", 0L)));
    }
    Map<String, Long> large = Variant.LARGE.bridge().count();
    // Target tracking makes two alarms of its own.
    long scaling = 2 * large.getOrDefault("AWS::ApplicationAutoScaling::ScalingPolicy", 0L);
    assertThat(row("alarms").quantity(3))
        .isEqualByComparingTo(
            new BigDecimal(large.getOrDefault("AWS::CloudWatch::Alarm", 0L) + scaling));
    long endpoints =
        Variant.STANDBY_WITHOUT_NAT.base().count().getOrDefault("AWS::EC2::VPCEndpoint", 0L);
    assertThat(row("`endpoints` on Fargate").quantity(0))
        .as("all but S3's, in two zones")
        .isEqualByComparingTo(hours(2 * (endpoints - 1)));
  }

  private static BigDecimal hours(long things) {
    return HOURS.multiply(new BigDecimal(things));
  }
}
