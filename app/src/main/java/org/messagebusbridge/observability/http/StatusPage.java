package org.messagebusbridge.observability.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page for people: one file that holds all it needs and asks for {@code status} every second.
 * The browser is told to run its own script and nothing else.
 */
final class StatusPage {
  private static final String FIRST = "{{first}}";
  private static final String METRICS = "{{metrics}}";

  private final String template;
  private final String policy;

  StatusPage() {
    template = read("status.html").replace(METRICS, inScript(StatusJson.ofMetrics()));
    policy =
        "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action"
            + " 'none'; frame-ancestors 'none'; style-src "
            + hash("<style>", "</style>")
            + "; script-src "
            + hash("<script>", "</script>");
  }

  /**
   * The page as it is to be answered.
   *
   * @param json what it shows first
   */
  Answer showing(String json) {
    return Answer.page(policy, template.replace(FIRST, inScript(json)));
  }

  /** Inside a script element nothing ends it but its end tag; so no tag may begin. */
  private static String inScript(String json) {
    return json.replace("<", "\\u003c");
  }

  private static String read(String name) {
    try (InputStream in = StatusPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a Content-Security-Policy calls the one element that begins so. */
  private String hash(String begin, String end) {
    int from = template.indexOf(begin) + begin.length();
    String content = template.substring(from, template.indexOf(end, from));
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
