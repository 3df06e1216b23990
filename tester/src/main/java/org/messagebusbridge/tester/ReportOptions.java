package org.messagebusbridge.tester;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags that say which reports are written. */
final class ReportOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create(); // replaced by picocli

  @Option(
      names = {"-r", "--report"},
      paramLabel = "FILE",
      description =
          "Write the messages that did not come back, as CSV: time_send, time_recv, time_elapsed,"
              + " msg.")
  private Optional<Path> csv = Optional.empty();

  @Option(names = "--report-all", description = "Write all messages to the file of --report.")
  private boolean all;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with charts; it is one file and needs no network.")
  private Optional<Path> html = Optional.empty();

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures for programs.")
  private Optional<Path> json = Optional.empty();

  /**
   * The files that are to be written; each can be.
   *
   * @throws ParameterException when one cannot, or two are one
   */
  List<ReportFile> files() {
    if (all && csv.isEmpty()) {
      throw wrong("--report-all says what goes to the file of --report; name one");
    }
    List<ReportFile> files = new ArrayList<>();
    csv.ifPresent(
        path ->
            files.add(
                new ReportFile("--report", path, new CsvReport(all, ZoneId.systemDefault()))));
    html.ifPresent(path -> files.add(new ReportFile("--html", path, new HtmlReport())));
    json.ifPresent(path -> files.add(new ReportFile("--json", path, new JsonReport())));
    long different =
        files.stream().map(file -> file.path().toAbsolutePath().normalize()).distinct().count();
    if (different < files.size()) {
      throw wrong("two reports cannot go to the same file; name another for one of them");
    }
    for (ReportFile file : files) {
      try {
        file.probe();
      } catch (IOException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }
    return files;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
