package org.messagebusbridge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.messagebusbridge.bus.Rejection;

/**
 * Whatever the interleaving of deliveries, sends, confirmations, refusals, losses and requeues:
 * every delivery is settled exactly once, none is accepted before its confirmation, and each
 * connection sees the messages in order.
 */
class LedgerProperties {
  private static final Rejection REJECTION =
      new Rejection(Rejection.Reason.REFUSED, "no", Map.of(), 1, Instant.EPOCH);

  @Property(tries = 2000)
  void settlesEachDeliveryExactlyOnceAndAcceptsNoneBeforeItsConfirmation(
      @ForAll @Size(min = 1, max = 300) List<Step> steps, @ForAll long seed) {
    Model model = new Model(new Random(seed));
    for (Step step : steps) {
      model.take(step);
    }
    model.finish();
  }

  enum Step {
    DELIVER,
    DELIVER_MANY,
    SEND,
    SEND_ALL,
    CONFIRM_ONE,
    CONFIRM_THROUGH,
    REFUSE_ONE,
    REJECT_ONE,
    SETTLE,
    SINK_LOST,
    REQUEUE,
    SOURCE_LOST
  }

  /** What the ledger must agree with. The source itself fails the test on a second settlement. */
  private static final class Model {
    private final Random random;
    private final Ledger ledger = new Ledger();
    private final List<FakeSource> sources = new ArrayList<>();
    private final List<Integer> sentUnder = new ArrayList<>();
    private final Set<Integer> confirmed = new HashSet<>();
    private final Set<Integer> answered = new HashSet<>();
    private boolean anyRefused;
    private FakeSource source = new FakeSource(true);
    private int firstOfSource = 1;
    private int delivered;
    private int lastSent;

    Model(Random random) {
      this.random = random;
      sources.add(source);
    }

    void take(Step step) {
      switch (step) {
        case DELIVER -> deliver();
        case DELIVER_MANY -> {
          for (int i = random.nextInt(20); i > 0; i--) {
            deliver();
          }
        }
        case SEND -> send();
        case SEND_ALL -> {
          while (ledger.nextToSend() != null) {
            send();
          }
        }
        case CONFIRM_ONE -> confirm(anyNumber(), false);
        case CONFIRM_THROUGH -> confirm(anyNumber(), true);
        case REFUSE_ONE -> {
          int number = anyNumber();
          anyRefused |= firstAnswer(number);
          ledger.refused(number, false);
        }
        case REJECT_ONE -> {
          int number = anyNumber();
          firstAnswer(number);
          ledger.rejected(number, REJECTION);
        }
        case SETTLE -> settle();
        case SINK_LOST -> sinkLost();
        case REQUEUE -> {
          sinkLost();
          ledger.giveBack(source);
        }
        case SOURCE_LOST -> {
          source.revokeAll();
          ledger.forgetRevoked();
          source = new FakeSource(true);
          sources.add(source);
          firstOfSource = delivered + 1;
        }
      }
      for (FakeSource each : sources) {
        assertThat(confirmed).as("accepted without a confirmation").containsAll(each.accepted());
      }
    }

    /**
     * With everything sent and confirmed, nothing is left unsettled that its source did not take
     * back.
     */
    void finish() {
      sinkLost();
      take(Step.SEND_ALL);
      confirm(sentUnder.size(), true);
      settle();
      assertThat(source.unsettled()).isEmpty();
      assertThat(ledger.size()).isZero();
      Set<Integer> settled = new TreeSet<>(source.accepted());
      settled.addAll(source.requeued());
      settled.addAll(source.rejected());
      assertThat(settled).hasSize(delivered - firstOfSource + 1);
      assertThat(source.accepted()).isSorted();
    }

    private void deliver() {
      ledger.add(source.delivery(++delivered, 4), 0);
    }

    private void send() {
      Ledger.Entry entry = ledger.nextToSend();
      if (entry == null) {
        return;
      }
      int id = id(entry);
      if (!anyRefused) {
        assertThat(id).as("in order on one connection").isGreaterThan(lastSent);
      }
      lastSent = id;
      sentUnder.add(id);
      ledger.sent(entry, sentUnder.size(), 0);
    }

    private void confirm(int number, boolean multiple) {
      for (int n = multiple ? 1 : number; n <= number; n++) {
        if (firstAnswer(n)) {
          confirmed.add(sentUnder.get(n - 1));
        }
      }
      ledger.confirmed(number, multiple, 0);
    }

    /** Whether this is the first word on a number that was sent. */
    private boolean firstAnswer(int number) {
      return number >= 1 && number <= sentUnder.size() && answered.add(number);
    }

    private void settle() {
      ledger.settle(_ -> true, entry -> {});
    }

    private void sinkLost() {
      ledger.sinkLost(false);
      sentUnder.clear();
      answered.clear();
      anyRefused = false;
      lastSent = 0;
    }

    private int anyNumber() {
      return random.nextInt(sentUnder.size() + 3);
    }

    private static int id(Ledger.Entry entry) {
      byte[] body = entry.delivery().message().body();
      return (body[0] & 0xff) + 256 * (body[1] & 0xff) + 65_536 * (body[2] & 0xff);
    }
  }
}
