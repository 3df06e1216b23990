package org.messagebusbridge.sandbox.faults;

import java.util.List;
import org.messagebusbridge.sandbox.RabbitVersion;

/**
 * A broker and a type of queue that rows run on.
 *
 * @param label for people: {@code 4.0 quorum}
 * @param queueType {@code classic} or {@code quorum}, as {@code mq_queue_type} has it
 * @param cluster whether it is three nodes rather than one
 */
public record Target(String label, RabbitVersion version, String queueType, boolean cluster) {

  public static final Target RABBIT_3_10 =
      new Target("3.10 classic", RabbitVersion.V3_10, "classic", false);
  public static final Target RABBIT_4_0 =
      new Target("4.0 classic", RabbitVersion.V4_0, "classic", false);
  public static final Target RABBIT_4_0_QUORUM =
      new Target("4.0 quorum", RabbitVersion.V4_0, "quorum", false);

  public static final Target RABBIT_4_3_QUORUM =
      new Target("4.3 quorum", RabbitVersion.V4_3, "quorum", false);

  /** Three nodes behind a load balancer; for rows that name it. */
  public static final Target RABBIT_4_0_CLUSTER =
      new Target("4.0 cluster", RabbitVersion.V4_0, "quorum", true);

  /** The four that every row runs on unless it says otherwise. */
  public static final List<Target> ALL =
      List.of(RABBIT_3_10, RABBIT_4_0, RABBIT_4_0_QUORUM, RABBIT_4_3_QUORUM);

  @Override
  public String toString() {
    return label;
  }
}
