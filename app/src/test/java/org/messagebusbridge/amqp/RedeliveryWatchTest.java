package org.messagebusbridge.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedeliveryWatchTest {
  private final TestConfig config = TestConfig.of("broker", 5672, "own");
  private final List<String> warnings = new ArrayList<>();
  private long now = Long.MAX_VALUE - 1;

  private final RedeliveryWatch watch = new RedeliveryWatch(() -> now, warnings::add);

  private void see(long count) {
    watch.see(config.build(), count);
  }

  @Test
  void saysWhatWillHappenAndHowToPreventIt() {
    see(10);

    assertThat(warnings)
        .containsExactly(
            "A message of queue own.to at "
                + config.build().address()
                + " was delivered 10 times before and never acknowledged; after 21 such deliveries"
                + " RabbitMQ 4.x drops it, unless the queue has a limit of its own: have it dropped"
                + " never by rabbitmqctl set_policy mbb '^own\\.to$' '{\"delivery-limit\":"
                + " 1000000000}' --apply-to quorum_queues.");
  }

  @Test
  void saysWhereTheBridgePutsItBeforeThat() {
    TestConfig kept = TestConfig.of("broker", 5672, "own").withDeadLetterQueue("own.dead");

    watch.see(kept.build(), 10);

    assertThat(warnings)
        .singleElement()
        .asString()
        .contains(
            " and never acknowledged; at 15 the bridge moves it to own.dead (mq_max_redeliveries),"
                + " for after 21 such deliveries RabbitMQ 4.x drops it, unless ");
  }

  @Test
  void namesTheVirtualHostWhereItIsNotTheDefault() {
    watch.see(config.withVhost("it's mine").build(), 12);

    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("rabbitmqctl set_policy -p 'it'\\''s mine' mbb '^own\\.to$' '{");
  }

  @Test
  void saysNothingOfLess() {
    see(1);
    see(9);

    assertThat(warnings).isEmpty();
  }

  @Test
  void warnsOnceAMinute() {
    see(10);
    see(10);
    now += Duration.ofSeconds(59).toNanos();
    see(11);
    assertThat(warnings).hasSize(1);
    now += Duration.ofSeconds(1).toNanos();
    see(11);
    see(12);

    assertThat(warnings).hasSize(2);
    assertThat(warnings.getLast()).contains(" was delivered 11 times before ");
  }
}
