package org.messagebusbridge.cli;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import org.messagebusbridge.observability.Printable;

/**
 * Asks a bridge on this machine whether it is alive, for containers without a shell: the health
 * check of a task. A program of its own, with next to no classes, because it is run every half
 * minute on a fraction of a processor.
 */
public final class HealthCheck {
  private static final int TIMEOUT_MILLIS = 5_000;

  private HealthCheck() {}

  /**
   * Ends with exit code 0 when it is alive, 1 when not, 2 when the port is none.
   *
   * @param args the bridge's {@code http_port}
   */
  public static void main(String[] args) {
    System.exit(check(args));
  }

  /** The exit code; the reason goes to standard error when it is not 0. */
  static int check(String... args) {
    if (args.length != 1 || !args[0].matches("\\d{1,5}") || Integer.parseInt(args[0]) > 65535) {
      System.err.println("error: give the bridge's http_port, and nothing else.");
      return 2;
    }
    String url = "http://127.0.0.1:" + args[0] + "/health/live";
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      int status = connection.getResponseCode();
      connection.disconnect();
      if (status == HttpURLConnection.HTTP_OK) {
        return 0;
      }
      System.err.println("error: " + url + " answers with HTTP status " + status + ".");
    } catch (IOException e) {
      System.err.println(
          Printable.line("error: " + url + " does not answer: " + e.getMessage() + "."));
    }
    return 1;
  }
}
