package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.sandbox.junit.Browser;
import org.messagebusbridge.sandbox.junit.Needs;

@Timeout(180)
class HtmlReportInBrowserTest {

  @TempDir private static Path directory;
  private static @Nullable Browser started;

  @BeforeAll
  static void startBrowser() throws Exception {
    Needs.command(Browser.COMMAND);
    started = new Browser(directory.resolve("profile"));
  }

  @AfterAll
  static void stopBrowser() throws Exception {
    if (started != null) {
      started.close();
    }
  }

  private static Browser browser() {
    return Objects.requireNonNull(started);
  }

  private static Path page(Report report, String name) throws Exception {
    Path file = directory.resolve(name);
    new ReportFile("--html", file, new HtmlReport()).write(report);
    return file;
  }

  private static JsonNode json(Report report) throws Exception {
    Path file = directory.resolve("run.json");
    new ReportFile("--json", file, new JsonReport()).write(report);
    return new ObjectMapper().readTree(file.toFile());
  }

  private static String text(String id) throws Exception {
    return browser().evaluate("document.getElementById('" + id + "').textContent");
  }

  private static int count(String selector) throws Exception {
    return Integer.parseInt(
        browser().evaluate("document.querySelectorAll('" + selector + "').length"));
  }

  private static void awaitCharts() throws Exception {
    Await.value(
        "the charts",
        () -> {
          assertThat(browser().complaints()).isEmpty();
          return count(".plot svg");
        },
        drawn -> drawn == 3);
  }

  private static String grouped(JsonNode number) {
    return String.format(Locale.ROOT, "%,d", number.asLong());
  }

  private static void keepPicture(String name) throws Exception {
    Path folder = Files.createDirectories(Path.of("target", "pictures"));
    browser().picture(folder.resolve(name));
  }

  @Test
  void showsTheNumbersOfTheJsonAndComplainsOfNothing() throws Exception {
    Report report = ReportsTest.report(1_200);
    JsonNode json = json(report);
    browser().look(1280, 900, false);
    browser().open(page(report, "run.html").toUri());
    awaitCharts();
    keepPicture("light.png");

    JsonNode counts = json.path("counts");
    assertThat(text("sent")).isEqualTo("1,200").isEqualTo(grouped(counts.path("sent")));
    assertThat(text("received")).isEqualTo("1,080").isEqualTo(grouped(counts.path("received")));
    assertThat(text("lost-count")).isEqualTo("120").isEqualTo(grouped(counts.path("lost")));
    assertThat(text("late-count")).isEqualTo("1").isEqualTo(grouped(counts.path("late")));
    assertThat(text("duplicated")).isEqualTo(grouped(counts.path("duplicated")));
    assertThat(text("out-of-order")).isEqualTo(grouped(counts.path("outOfOrder")));
    assertThat(text("foreign")).isEqualTo(grouped(counts.path("foreign")));
    for (String percentile : new String[] {"p50", "p99"}) {
      double millis = json.path("roundTripMillis").path(percentile).asDouble();
      assertThat(text(percentile)).isEqualTo(String.format(Locale.ROOT, "%.1fms", millis));
    }
    assertThat(text("max")).isEqualTo("2.00s");
    assertThat(text("verdict")).isEqualTo("120 of 1,200 did not come back");
    assertThat(text("about")).contains("broker</script>.example.com");

    assertThat(count("#time circle.back")).isEqualTo(1_079);
    assertThat(count("#time circle.late")).isEqualTo(1);
    assertThat(count("#time path.lost")).isEqualTo(120);
    assertThat(count("#troubles tbody tr")).isEqualTo(121);
    assertThat(
            browser()
                .evaluate(
                    "[...document.querySelectorAll('rect.bar')]"
                        + ".reduce((sum, bar) => sum + Number(bar.dataset.count), 0)"))
        .isEqualTo("1080");
    assertThat(browser().complaints()).isEmpty();
    assertThat(browser().requests())
        .isNotEmpty()
        .allMatch(url -> url.startsWith(directory.toUri().toString()) || url.startsWith("data:"));
  }

  @Test
  void fitsAPhoneAndTheDark() throws Exception {
    browser().look(375, 812, true);
    browser().open(page(ReportsTest.report(30_000), "long.html").toUri());
    awaitCharts();
    keepPicture("dark-phone.png");

    assertThat(browser().evaluate("document.documentElement.scrollWidth")).isEqualTo("375");
    assertThat(browser().evaluate("getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(15, 19, 24)");
    assertThat(text("about")).contains("to_ws → bridge → from_ws", "10/s").doesNotContain("bytes");
    assertThat(count("#time circle.late")).isEqualTo(1);
    // one mark for each piece of time that lost any: 50 minutes in pieces of 30 seconds
    assertThat(count("#time path.lost")).isEqualTo(100);
    assertThat(text("troubles")).contains("The first 2,001 of 3,001; --report writes all.");
    assertThat(browser().complaints()).isEmpty();

    browser().look(1280, 900, false);
    Await.value(
        "the charts as wide as the window now",
        () -> browser().evaluate("document.querySelector('#time svg').getAttribute('viewBox')"),
        box -> box.startsWith("0 0 1046 "));
    assertThat(browser().evaluate("getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(245, 246, 248)");
    keepPicture("light-long.png");
  }

  @Test
  void saysSoWhenNothingCameBack() throws Exception {
    browser().look(1280, 900, false);
    Report report = ReportsTest.report(1_200);
    Plan plan = report.plan();
    MessageLog empty = Plans.log(plan);
    Outcome outcome =
        new Outcome(
            new Ending.Failed("The connection was lost."),
            empty.summary(),
            report.outcome().started(),
            0,
            report.outcome().took());
    browser()
        .open(
            page(
                    new Report("v", report.config(), plan, empty, outcome, 1, report.maxP99()),
                    "empty.html")
                .toUri());
    awaitCharts();

    assertThat(text("verdict")).isEqualTo("Ended early: The connection was lost.");
    assertThat(text("percentiles")).isEqualTo("Nothing came back.");
    assertThat(browser().complaints()).isEmpty();
  }
}
