package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What {@code cdk synth} made, without what no emulator takes that runs without Docker: the broker
 * of Amazon MQ with the alarms on its own metrics, NAT with its addresses and routes, flow logs,
 * rules of security groups, functions with what calls them, schedules, filters and saved queries of
 * logs, and Application Auto Scaling. Another broker stands in, by its host and port. All else is
 * as it was; template tests hold what is left out.
 *
 * @param folder to be deployed with {@code cdk deploy --app}
 * @param removed how many resources of each type are left out
 * @param kept all resources that are left, by their logical ids
 */
record ReducedStack(Path folder, Map<String, Integer> removed, Map<String, JsonNode> kept) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> NOT_TAKEN =
      Set.of(
          "AWS::AmazonMQ::Broker",
          "AWS::AmazonMQ::Configuration",
          "AWS::ApplicationAutoScaling::ScalableTarget",
          "AWS::ApplicationAutoScaling::ScalingPolicy",
          "AWS::EC2::EIP",
          "AWS::EC2::FlowLog",
          "AWS::EC2::NatGateway",
          "AWS::EC2::SecurityGroupEgress",
          "AWS::EC2::SecurityGroupIngress",
          "AWS::Lambda::Function",
          "AWS::Lambda::Permission",
          "AWS::Logs::MetricFilter",
          "AWS::Logs::QueryDefinition",
          "AWS::Scheduler::Schedule",
          "AWS::SecretsManager::ResourcePolicy",
          "AWS::SecretsManager::RotationSchedule");

  /**
   * Writes it.
   *
   * @param host of the broker that stands in
   * @param port of that for AMQP over TLS
   */
  static ReducedStack of(Variant variant, Path folder, String host, int port) throws IOException {
    try (Stream<Path> files = Files.list(variant.made().folder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Map<String, Integer> removed = new TreeMap<>();
    Map<String, JsonNode> kept = new TreeMap<>();
    for (String ending : List.of("-Base", "")) {
      Path file = folder.resolve(variant.made().stack() + ending + ".template.json");
      ObjectNode template = (ObjectNode) Variant.read(file);
      ObjectNode resources = (ObjectNode) template.get("Resources");
      reduce(resources, removed);
      replace(template, resources, host, port);
      assertThat(template.toString()).doesNotContain("\"AmqpEndpoints\"");
      Files.writeString(file, template.toString());
      resources.properties().forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    }
    return new ReducedStack(folder, removed, kept);
  }

  private static void reduce(ObjectNode resources, Map<String, Integer> removed) {
    Set<String> ids = new TreeSet<>();
    resources
        .properties()
        .forEach(
            entry -> {
              if (isNotTaken(entry.getValue())) {
                ids.add(entry.getKey());
                removed.merge(entry.getValue().get("Type").asText(), 1, Integer::sum);
              }
            });
    resources.remove(ids);
    resources.forEach(resource -> withoutDependencies((ObjectNode) resource, ids));
  }

  private static void replace(ObjectNode template, ObjectNode resources, String host, int port) {
    objects(
        template,
        object -> {
          if (object.path("Fn::GetAtt").path(1).asText().equals("AmqpEndpoints")) {
            object.removeAll();
            object.putArray("Fn::Split").add(",").add("amqps://%s:%d".formatted(host, port));
          }
          String id = object.path("Ref").asText();
          if (id.equals("Broker9AB50882")) {
            object.removeAll();
            object.putArray("Fn::Join").add("").addArray().add("b-1234");
          }
          if (resources.at("/" + id + "/Type").asText().equals("AWS::SecretsManager::Secret")) {
            // Both are its ARN at AWS; the emulator's Ref is its name.
            object.removeAll();
            object.putArray("Fn::GetAtt").add(id).add("Id");
          }
          if (object.path("Name").asText().endsWith("/aws_mq/mq_port")) {
            object.put("Value", Integer.toString(port));
          }
        });
  }

  private static boolean isNotTaken(JsonNode resource) {
    String type = resource.get("Type").asText();
    JsonNode properties = resource.path("Properties");
    return NOT_TAKEN.contains(type)
        || type.startsWith("Custom::")
        || (type.equals("AWS::EC2::Route") && properties.has("NatGatewayId"))
        || (type.equals("AWS::CloudWatch::Alarm") && properties.has("Metrics"));
  }

  private static void withoutDependencies(ObjectNode resource, Set<String> ids) {
    JsonNode needs = resource.remove("DependsOn");
    if (needs == null) {
      return;
    }
    ArrayNode left = JSON.createArrayNode();
    (needs.isArray() ? needs.valueStream() : Stream.of(needs))
        .filter(need -> !ids.contains(need.asText()))
        .forEach(left::add);
    if (!left.isEmpty()) {
      resource.set("DependsOn", left);
    }
  }

  private static void objects(JsonNode node, Consumer<ObjectNode> action) {
    if (node instanceof ObjectNode object) {
      action.accept(object);
    }
    node.forEach(child -> objects(child, action));
  }
}
