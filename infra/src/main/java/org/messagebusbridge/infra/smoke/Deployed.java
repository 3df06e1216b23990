package org.messagebusbridge.infra.smoke;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a stack says of itself in its outputs.
 *
 * @param task ARN of the smoke task's definition
 * @param publicIp whether its tasks have an address of their own: ENABLED or DISABLED
 * @param logGroup of the round trips
 */
public record Deployed(
    String cluster,
    String task,
    List<String> subnets,
    String securityGroup,
    String publicIp,
    String logGroup) {

  /** The container in the tester's task. */
  public static final String CONTAINER = "tester";

  /** What the name of the stack ends with that has network, broker and logs. */
  public static final String BASE = "-Base";

  /** Of the tester's log streams, which are named {@code PREFIX/CONTAINER/TASK}. */
  public static final String LOG_PREFIX = "smoke";

  private static final List<String> NAMES =
      List.of("Cluster", "SmokeTask", "Subnets", "SecurityGroup", "PublicIp", "SmokeLogGroup");

  static Deployed of(String stack, Map<String, String> outputs) throws SmokeException {
    List<String> missing = NAMES.stream().filter(name -> !outputs.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      throw new SmokeException(
          2,
          "the stack %s has no output %s; is it one that 'npx cdk deploy' made?"
              .formatted(stack, String.join(", ", missing)));
    }
    List<String> values =
        NAMES.stream().flatMap(name -> Stream.ofNullable(outputs.get(name))).toList();
    return new Deployed(
        values.get(0),
        values.get(1),
        List.of(values.get(2).split(",", -1)),
        values.get(3),
        values.get(4),
        values.get(5));
  }

  /** The log stream of a task. */
  String stream(String arn) {
    return LOG_PREFIX + "/" + CONTAINER + "/" + arn.substring(arn.lastIndexOf('/') + 1);
  }
}
