package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.observability.Metrics;

class BridgeMetricsTest {
  private static final List<String> PUBLISHED =
      Metrics.ALL.stream().flatMap(metric -> metric.cloudWatch().stream()).toList();

  @Test
  void alarmsAndDashboardNameMetricsThatTheBridgePublishes() throws IllegalAccessException {
    List<String> named = new ArrayList<>();
    for (Field field : BridgeMetrics.class.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
        named.add((String) field.get(null));
      }
    }
    assertThat(named).isNotEmpty().doesNotHaveDuplicates();
    assertThat(PUBLISHED).containsAll(named);
  }

  @Test
  void whatTheyCostIsToldForAsManyAsThereAre() throws IOException {
    assertThat(Files.readString(Path.of("../docs/deploy.md")))
        .contains("metrics: %1$d of the fleet, %1$d of each instance".formatted(PUBLISHED.size()));
  }
}
