package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.messagebusbridge.infra.Options.Service;
import org.messagebusbridge.infra.Options.Watch;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.ssm.StringParameter;
import software.constructs.Construct;

/**
 * The bridge's configuration in Parameter Store, as its option {@code -s} reads it. Secrets are not
 * in it, only the ARNs of those that hold them: CloudFormation cannot make a SecureString.
 */
final class Parameters extends Construct {
  /** Tells the bridge and the tester where their parameters are. */
  static final String VARIABLE = "MBB_SSM_PREFIX";

  /** Where the bridge tells its health, on loopback. */
  static final int HEALTH_PORT = 8080;

  private final String root;
  private final String fingerprint;

  Parameters(Construct scope, String id, Options options, Broker broker, Logs logs) {
    super(scope, id);
    root = options.parameters();
    Map<String, String> fixed = fixed(options);
    Map<String, String> values = new TreeMap<>(fixed);
    values.put("aws_mq/mq_host", broker.host());
    values.put("aws_mq/mq_secret_arn", broker.login().getSecretArn());
    values.put("aws_cloudwatch/cw_region", Stack.of(this).getRegion());
    values.put("aws_cloudwatch/cw_log_group", logs.bridge().getLogGroupName());
    values.put("aws_mq/mq_port", broker.port());
    values.forEach(
        (name, value) ->
            StringParameter.Builder.create(this, name.replace('/', '.'))
                .parameterName(root + "/" + name)
                .stringValue(value)
                .build());
    fingerprint = fingerprint(fixed.toString() + options.broker());
  }

  private static Map<String, String> fixed(Options options) {
    Map<String, String> values = new TreeMap<>();
    Watch watch = options.watch();
    values.put("aws_mq/mq_qname_to_ws", options.queues().toWs());
    values.put("aws_mq/mq_qname_from_ws", options.queues().fromWs());
    options.queues().type().ifPresent(type -> values.put("aws_mq/mq_queue_type", type));
    if (options.peer() instanceof Service service) {
      values.put("ws_api/api_host", service.host());
      values.put("ws_api/api_uri", service.uri());
      service.secretArn().ifPresent(arn -> values.put("ws_api/ws_secret_arn", arn));
      // What the broker takes; see RabbitBroker.
      values.put(
          "ws_api/ws_max_message_bytes", Integer.toString(options.queues().maxMessageBytes()));
    }
    values.put("aws_cloudwatch/cw_log_stream", "bridge/{instance_id}");
    values.put("aws_cloudwatch/cw_retention_days", Integer.toString(watch.logDays()));
    values.put("aws_cloudwatch/cw_metrics_namespace", watch.namespace());
    values.put("aws_cloudwatch/cw_metrics_resolution", "60");
    values.put("bridge/ha_mode", options.fleet().standby() ? "standby" : "parallel");
    values.put("bridge/drain_secs", Integer.toString(options.fleet().drainSeconds()));
    values.put("bridge/http_port", Integer.toString(HEALTH_PORT));
    return values;
  }

  private static String fingerprint(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** Another one when the configuration is another: a bridge reads it at its start only. */
  String fingerprint() {
    return fingerprint;
  }

  /** Where they are, and AWS, for what runs in a container. */
  Map<String, String> environment() {
    return new TreeMap<>(Map.of("AWS_REGION", Stack.of(this).getRegion(), VARIABLE, root));
  }

  /**
   * By path: the right to a path is the right to all below it (Systems Manager API reference,
   * GetParametersByPath). And one by one, by which the bridge finds the one that it cannot decrypt.
   */
  void grantRead(IGrantable who) {
    String path =
        Stack.of(this)
            .formatArn(
                ArnComponents.builder()
                    .service("ssm")
                    .resource("parameter")
                    .resourceName(root.substring(1))
                    .arnFormat(ArnFormat.SLASH_RESOURCE_NAME)
                    .build());
    who.getGrantPrincipal()
        .addToPrincipalPolicy(
            PolicyStatement.Builder.create()
                .sid("ReadConfiguration")
                .actions(List.of("ssm:GetParametersByPath"))
                .resources(List.of(path))
                .build());
    who.getGrantPrincipal()
        .addToPrincipalPolicy(
            PolicyStatement.Builder.create()
                .sid("FindParameter")
                .actions(List.of("ssm:GetParameter"))
                .resources(List.of(path + "/*"))
                .build());
  }
}
