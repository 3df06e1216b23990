package org.messagebusbridge.tester;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.Writer;

/**
 * One page with the figures and charts of a run. It holds its styles, its script and the data of
 * the {@link JsonReport}, and asks for nothing over the network, which its content security policy
 * makes sure of.
 */
final class HtmlReport implements ReportFile.Form {

  private static final String PAGE = "report.html";
  private static final String DATA = "\"the data of the run\"";

  @Override
  public void write(Report report, Writer out) throws IOException {
    String page = page();
    int at = page.indexOf(DATA);
    out.write(page, 0, at);
    StringWriter json = new StringWriter();
    new JsonReport().write(report, json);
    // Nothing in the data may end the element that holds it.
    out.write(json.toString().replace("<", "\\u003c"));
    out.write(page, at + DATA.length(), page.length() - at - DATA.length());
  }

  private static String page() throws IOException {
    try (InputStream page = HtmlReport.class.getResourceAsStream(PAGE)) {
      if (page == null) {
        throw new IOException("the page " + PAGE + " is missing from the tester's jar");
      }
      return new String(page.readAllBytes(), UTF_8);
    }
  }
}
