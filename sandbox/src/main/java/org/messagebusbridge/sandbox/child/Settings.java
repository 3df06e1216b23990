package org.messagebusbridge.sandbox.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.sandbox.SandboxException;

/**
 * What bridge and tester are told: an INI file with everything that may be seen, and environment
 * variables with everything that may not.
 *
 * @param service empty for a bridge without one, as with {@code -X}
 */
public record Settings(
    BrokerUri broker, Optional<Service> service, String queueToWs, String queueFromWs) {

  /** The text of the INI file: no secret in it. */
  public String ini() {
    Map<String, String> mq = new LinkedHashMap<>(broker.keys());
    mq.put("mq_qname_to_ws", queueToWs);
    mq.put("mq_qname_from_ws", queueFromWs);
    Map<String, String> ws = new LinkedHashMap<>();
    service.ifPresent(
        to -> {
          ws.put("api_host", to.host());
          to.client().ifPresent(client -> ws.put("client_id", client.id()));
        });
    return section("aws_mq", mq) + (ws.isEmpty() ? "" : "\n" + section("ws_api", ws));
  }

  /** The rest, by the names of the environment overrides; {@code api_uri} may hold a token. */
  public Map<String, String> environment() {
    Map<String, String> secrets = new LinkedHashMap<>();
    secrets.put("MBB_AWS_MQ_MQ_PASSWORD", broker.password());
    service.ifPresent(
        to -> {
          secrets.put("MBB_WS_API_API_URI", to.uri());
          to.client().ifPresent(c -> secrets.put("MBB_WS_API_CLIENT_SECRET", c.secret()));
        });
    return secrets;
  }

  /**
   * Writes the INI file to a new temporary file that its owner alone can read.
   *
   * @throws SandboxException when it cannot be written
   */
  public Path write() {
    try {
      return Files.writeString(Files.createTempFile("mbb-", ".ini"), ini());
    } catch (IOException e) {
      throw new SandboxException(
          "No file can be written to the directory for temporary files: %s.".formatted(e), e);
    }
  }

  private static String section(String name, Map<String, String> keys) {
    StringBuilder text = new StringBuilder("[" + name + "]\n");
    // a percent sign begins an interpolation, as in Python's configparser, unless it is doubled
    keys.forEach(
        (key, value) ->
            text.append(key).append(" = ").append(value.replace("%", "%%")).append('\n'));
    return text.toString();
  }
}
