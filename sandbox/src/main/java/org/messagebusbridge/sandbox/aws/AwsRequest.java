package org.messagebusbridge.sandbox.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.sun.net.httpserver.Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * What a request asks, in any of three of AWS's protocols: JSON 1.0 and 1.1, Smithy's RPC v2 with
 * CBOR, and query.
 *
 * @param protocol how it was written, and the answer has to be
 * @param action as IAM writes it
 * @param caller the access key; empty when it is not signed
 * @param parameters what it says
 * @param size of the body in bytes, without compression
 */
record AwsRequest(Protocol protocol, String action, String caller, JsonNode parameters, int size) {

  enum Protocol {
    JSON,
    CBOR,
    QUERY
  }

  static final ObjectMapper JSON = new ObjectMapper();
  static final ObjectMapper CBOR = new CBORMapper();

  private static final Pattern CREDENTIAL =
      Pattern.compile("Credential=([^/]+)/[^/]+/[^/]+/([^/]+)/aws4_request");
  private static final Pattern OPERATION = Pattern.compile("/service/[^/]+/operation/([^/]+)$");

  /** Services that sign by one name and have another in policies. */
  private static final Map<String, String> IAM_NAMES = Map.of("monitoring", "cloudwatch");

  /**
   * @throws IOException when the body is not what its headers say
   */
  static AwsRequest of(String path, Headers headers, byte[] sent) throws IOException {
    byte[] body =
        "gzip".equals(headers.getFirst("Content-Encoding"))
            ? new GZIPInputStream(new ByteArrayInputStream(sent)).readAllBytes()
            : sent;
    Matcher credential =
        CREDENTIAL.matcher(
            Optional.ofNullable(headers.getFirst("Authorization")).orElse("unsigned"));
    boolean signed = credential.find();
    String service = signed ? credential.group(2) : "unsigned";
    Matcher operation = OPERATION.matcher(path);
    String target = headers.getFirst("X-Amz-Target");
    Protocol protocol;
    JsonNode parameters;
    String name;
    if (operation.find()) {
      protocol = Protocol.CBOR;
      parameters = body.length == 0 ? JsonNodeFactory.instance.objectNode() : CBOR.readTree(body);
      name = operation.group(1);
    } else if (target != null) {
      protocol = Protocol.JSON;
      parameters = JSON.readTree(body);
      name = target.substring(target.indexOf('.') + 1);
    } else {
      protocol = Protocol.QUERY;
      parameters = form(new String(body, UTF_8));
      name = parameters.path("Action").asText("?");
    }
    return new AwsRequest(
        protocol,
        IAM_NAMES.getOrDefault(service, service) + ":" + name,
        signed ? credential.group(1) : "",
        parameters,
        body.length);
  }

  private static ObjectNode form(String body) {
    ObjectNode form = JsonNodeFactory.instance.objectNode();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(
            URLDecoder.decode(pair.substring(0, equals), UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), UTF_8));
      }
    }
    return form;
  }

  /** An error, written as the caller expects it. */
  Answer answer(AwsError error) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("__type", error.code()).put("message", error.message());
    return switch (protocol) {
      case JSON ->
          new Answer(error.status(), "application/x-amz-json-1.1", body.toString().getBytes(UTF_8));
      case CBOR -> new Answer(error.status(), "application/cbor", bytes(body));
      case QUERY ->
          new Answer(
              error.status(),
              "text/xml",
              "<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"
                  .formatted(error.code(), error.message())
                  .getBytes(UTF_8));
    };
  }

  private static byte[] bytes(ObjectNode body) {
    try {
      return CBOR.writeValueAsBytes(body);
    } catch (IOException e) {
      throw new IllegalStateException("an object always has bytes", e);
    }
  }

  /** The code in an error that the emulator answered; empty when it has none. */
  String errorIn(byte[] answer) {
    try {
      JsonNode body =
          switch (protocol) {
            case JSON -> JSON.readTree(answer);
            case CBOR -> CBOR.readTree(answer);
            case QUERY -> JsonNodeFactory.instance.objectNode();
          };
      String type = body == null ? "" : body.path("__type").asText("");
      return type.substring(type.indexOf('#') + 1);
    } catch (IOException e) {
      return "";
    }
  }

  /** What goes back. */
  static final class Answer {
    private final int status;
    private final String contentType;
    private final byte[] body;

    Answer(int status, String contentType, byte[] body) {
      this.status = status;
      this.contentType = contentType;
      this.body = body;
    }

    int status() {
      return status;
    }

    String contentType() {
      return contentType;
    }

    byte[] body() {
      return body;
    }
  }
}
