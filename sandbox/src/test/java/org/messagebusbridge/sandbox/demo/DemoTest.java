package org.messagebusbridge.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DemoTest {

  private final StringWriter out = new StringWriter();

  @ParameterizedTest
  @CsvSource({
    "--seconds=0, --seconds and --rate have to be above 0",
    "--rate=0, --seconds and --rate have to be above 0",
    "--rate=NaN, --seconds and --rate have to be above 0",
    "--rate=1e9, 10\\,000\\,000 at most",
    "--rate=fast, fast",
    "--broker=amqp://u:s3cret@, amqp[s]://user:password@host:port/vhost",
    "--ws=http://s3cret, ws://host:port/path",
    "now, now",
  })
  void exitsWithTwoAndSaysWhyForAWrongFlag(String flag, String expected) {
    StringWriter err = new StringWriter();
    CommandLine command =
        Demo.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    assertThat(command.execute(flag)).isEqualTo(2);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("error: ")
        .contains(expected.replace("\\", ""))
        .doesNotContain("s3cret");
  }

  @Test
  void showsTheMessagesTenToALineAndHowFarItIs() {
    DemoView view = new DemoView(new PrintWriter(out), false);
    view.begin(25, 50);
    out.getBuffer().setLength(0);
    for (int i = 1; i <= 25; i++) {
      view.cameBack(Duration.ofMillis(i));
    }
    view.summary(new TesterOutput.Totals(25, 25, 0, 0, "round trip p50 13.000 ms"), 49.96);

    assertThat(out.toString().lines())
        .containsExactly(
            "       #1    1.0   2.0   3.0   4.0   5.0   6.0   7.0   8.0   9.0  10.0   40 %",
            "      #11   11.0  12.0  13.0  14.0  15.0  16.0  17.0  18.0  19.0  20.0   80 %",
            "      #21   21.0  22.0  23.0  24.0  25.0                                100 %",
            "",
            "  sent 25, came back 25, lost 0, twice 0",
            "  round trip p50 13.000 ms; 50.0 messages/s");
  }

  @Test
  void showsNotEveryMessageWhenTheyAreMany() {
    DemoView view = new DemoView(new PrintWriter(out), false);
    view.begin(1_000, 1_000);
    assertThat(out.toString()).contains("one message in 10");
    out.getBuffer().setLength(0);
    for (int i = 0; i < 100; i++) {
      view.cameBack(Duration.ofMillis(i));
    }

    assertThat(out.toString().lines())
        .containsExactly(
            "       #1    0.0  10.0  20.0  30.0  40.0  50.0  60.0  70.0  80.0  90.0    9 %");
  }

  @Test
  void whatIsLongerThanALineOf80ColumnsHasTwo() {
    DemoView view = new DemoView(new PrintWriter(out), false);
    view.part("broker", "amqp://localhost:33731", "embedded Qpid Broker-J 10.1, in memory");
    view.part("bridge", "./mbb bridge -c /tmp/mbb-7171957866402319210.ini", "after 1.9 s");
    view.text(NextSteps.text());

    assertThat(out.toString().lines())
        .startsWith(
            "  broker   amqp://localhost:33731         embedded Qpid Broker-J 10.1, in memory",
            "  bridge   ./mbb bridge -c /tmp/mbb-7171957866402319210.ini",
            "           after 1.9 s")
        .allMatch(line -> line.length() <= 80);
  }

  @Test
  void coloursOnlyWhatATerminalShows() {
    new DemoView(new PrintWriter(out), false).part("broker", "here", "yours");
    assertThat(out.toString()).doesNotContain("\u001b");

    new DemoView(new PrintWriter(out), true).part("broker", "here", "yours");
    assertThat(out.toString()).contains("\u001b[1mbroker");
  }
}
