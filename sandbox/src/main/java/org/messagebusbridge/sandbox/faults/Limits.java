package org.messagebusbridge.sandbox.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * What a row may cost at most. Nothing may be lost, and nothing come out of order, unless this says
 * so.
 *
 * @param toWsTwice how many messages may come twice for each fault, to the peer
 * @param fromWsTwice the same, to the queue
 * @param mayLose whether messages may be lost: their number is reported
 * @param mayReorder whether messages may come out of order: their number is reported
 */
public record Limits(int toWsTwice, int fromWsTwice, boolean mayLose, boolean mayReorder) {

  /**
   * The windows of a bridge with defaults: {@code mq_prefetch}, and 2,000 messages from the peer.
   */
  public static final Limits WINDOWS = new Limits(500, 2_000, false, false);

  /** Nothing may come twice. */
  public static final Limits NONE_TWICE = new Limits(0, 0, false, false);

  /** The same, but messages may be lost. */
  public Limits lossy() {
    return new Limits(toWsTwice, fromWsTwice, true, mayReorder);
  }

  /** The same, but messages may come out of order. */
  public Limits unordered() {
    return new Limits(toWsTwice, fromWsTwice, mayLose, true);
  }

  /** The same windows for so many instances. */
  public Limits times(int count) {
    return new Limits(toWsTwice * count, fromWsTwice * count, mayLose, mayReorder);
  }

  /**
   * What has happened to a row that its limits make allowance for.
   *
   * @param faults how many there were
   * @param requeued how many messages went back to the queue to_ws: those may come late, for a
   *     quorum queue without a delivery limit puts them at its end
   * @param unsaved of how many messages to_ws the acknowledgements may have died with the broker:
   *     those may come twice
   */
  record Strain(int faults, long requeued, long unsaved) {}

  /** Which of these limits were passed, a sentence each; empty when none was. */
  List<String> passedBy(Strain strain, Flow flow, Tally.Sum sum) {
    List<String> passed = new ArrayList<>();
    if (sum.lost() > 0 && !mayLose) {
      passed.add("%d of %d messages %s were lost".formatted(sum.lost(), sum.sent(), flow.label()));
    }
    long most =
        flow == Flow.TO_WS
            ? (long) strain.faults * toWsTwice + strain.unsaved
            : (long) strain.faults * fromWsTwice;
    if (sum.duplicated() > most) {
      passed.add(
          "%d messages %s came twice, %d at most may"
              .formatted(sum.duplicated(), flow.label(), most));
    }
    long mayBeLate = flow == Flow.TO_WS ? strain.requeued : 0;
    if (sum.outOfOrder() > mayBeLate && !mayReorder) {
      passed.add("%d messages %s came out of order".formatted(sum.outOfOrder(), flow.label()));
    }
    if (sum.foreign() > 0) {
      passed.add("%d bodies came %s that nobody sent".formatted(sum.foreign(), flow.label()));
    }
    return passed;
  }
}
