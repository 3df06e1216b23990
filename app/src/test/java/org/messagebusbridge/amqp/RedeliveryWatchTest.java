package org.messagebusbridge.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedeliveryWatchTest {
  private final TestConfig config =
      new TestConfig(
          "broker",
          5672,
          Optional.empty(),
          "/",
          "user",
          "s3cret",
          "own",
          500,
          Optional.empty(),
          Optional.empty(),
          true,
          Duration.ofSeconds(20));
  private final List<String> warnings = new ArrayList<>();
  private long now = Long.MAX_VALUE - 1;

  private final RedeliveryWatch watch = new RedeliveryWatch(() -> now, warnings::add);

  private void see(BasicProperties properties) {
    watch.see(config.build(), properties);
  }

  private static BasicProperties delivered(Object count) {
    return new BasicProperties.Builder().headers(Map.of("x-delivery-count", count)).build();
  }

  @Test
  void saysWhatWillHappenAndHowToPreventIt() {
    see(delivered(10L));

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
  void namesTheVirtualHostWhereItIsNotTheDefault() {
    watch.see(config.withVhost("it's mine").build(), delivered(12));

    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("rabbitmqctl set_policy -p 'it'\\''s mine' mbb '^own\\.to$' '{");
  }

  @Test
  void saysNothingOfLessOrOfWhatIsNoNumber() {
    see(new BasicProperties());
    see(new BasicProperties.Builder().headers(Map.of("own", 10L)).build());
    see(delivered("eleven"));
    see(delivered(9L));

    assertThat(warnings).isEmpty();
  }

  @Test
  void warnsOnceAMinute() {
    see(delivered(10L));
    see(delivered(10L));
    now += Duration.ofSeconds(59).toNanos();
    see(delivered(11L));
    assertThat(warnings).hasSize(1);
    now += Duration.ofSeconds(1).toNanos();
    see(delivered(11L));
    see(delivered(12L));

    assertThat(warnings).hasSize(2);
    assertThat(warnings.getLast()).contains(" was delivered 11 times before ");
  }
}
