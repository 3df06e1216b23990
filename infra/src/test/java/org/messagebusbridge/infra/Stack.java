package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awscdk.assertions.Template;

/** A template, to be asked. */
record Stack(JsonNode template) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * By the CDK's own assertions, where what is meant is a part of a resource; what no resource has,
   * or all have, is asked of the others.
   */
  Template assertions() {
    return Template.fromJSON(JSON.convertValue(template, new TypeReference<>() {}));
  }

  /** The properties of all resources of a type, such as AWS::SSM::Parameter. */
  List<JsonNode> all(String type) {
    return template.get("Resources").properties().stream()
        .map(Map.Entry::getValue)
        .filter(resource -> resource.get("Type").asText().equals(type))
        .map(resource -> resource.path("Properties"))
        .toList();
  }

  /** All resources of a type, whole. */
  List<JsonNode> resources(String type) {
    return template
        .get("Resources")
        .valueStream()
        .filter(resource -> resource.get("Type").asText().equals(type))
        .toList();
  }

  /** The properties of the only resource of a type. */
  JsonNode one(String type) {
    List<JsonNode> all = all(type);
    assertThat(all).as(type).hasSize(1);
    return all.get(0);
  }

  /** How many resources there are of each type. */
  Map<String, Long> count() {
    return template.get("Resources").properties().stream()
        .collect(
            Collectors.groupingBy(
                resource -> resource.getValue().get("Type").asText(),
                TreeMap::new,
                Collectors.counting()));
  }

  /** The one resource of a type, whole, whose logical id begins so. */
  JsonNode resource(String type, String id) {
    List<JsonNode> all =
        template.get("Resources").properties().stream()
            .filter(entry -> entry.getKey().startsWith(id))
            .map(Map.Entry::getValue)
            .filter(resource -> resource.get("Type").asText().equals(type))
            .toList();
    assertThat(all).as(type + " " + id).hasSize(1);
    return all.get(0);
  }

  /** All statements of the policies that are attached to the role whose logical id begins so. */
  List<String> rights(String role) {
    return all("AWS::IAM::Policy").stream()
        .filter(
            policy ->
                policy
                    .get("Roles")
                    .valueStream()
                    .anyMatch(r -> r.path("Ref").asText().startsWith(role)))
        .flatMap(policy -> policy.get("PolicyDocument").get("Statement").valueStream())
        .flatMap(
            statement ->
                texts(statement.get("Action")).stream()
                    .map(action -> action + " on " + text(statement.get("Resource"))))
        .sorted()
        .toList();
  }

  private static List<String> texts(JsonNode node) {
    return node.isArray()
        ? node.valueStream().map(JsonNode::asText).toList()
        : List.of(node.asText());
  }

  /** A value as text; references stand as {@code ${Id}} or {@code ${Id.Attribute}}. */
  static String text(JsonNode node) {
    if (node.has("Ref")) {
      return "${" + node.get("Ref").asText() + "}";
    }
    if (node.has("Fn::GetAtt")) {
      return "${"
          + node.get("Fn::GetAtt")
              .valueStream()
              .map(JsonNode::asText)
              .collect(Collectors.joining("."))
          + "}";
    }
    if (node.has("Fn::Join")) {
      JsonNode join = node.get("Fn::Join");
      return join.get(1)
          .valueStream()
          .map(Stack::text)
          .collect(Collectors.joining(join.get(0).asText()));
    }
    if (node.isArray()) {
      return node.valueStream().map(Stack::text).collect(Collectors.joining(", "));
    }
    return node.isValueNode() ? node.asText() : node.toString();
  }
}
