package org.messagebusbridge.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.bus.Rejection;

class DeathHeadersTest {
  private static final Envelope ENVELOPE = new Envelope(7, true, "trades", "eu.bonds");

  @Test
  void keepsWhatTheFirstDeathWasAndPutsTheLatestFirst() {
    BasicProperties once =
        DeathHeaders.of(
            new BasicProperties(), ENVELOPE, "first", rejection(Rejection.Reason.REFUSED, 1));

    BasicProperties twice =
        DeathHeaders.of(once, ENVELOPE, "second", rejection(Rejection.Reason.PEER_FAILED, 20));

    assertThat(twice.getHeaders())
        .containsEntry("x-mbb-first-death-reason", "refused")
        .containsEntry("x-mbb-first-death-queue", "first")
        .containsEntry("x-mbb-first-death-exchange", "trades");
    assertThat(deaths(twice)).extracting(d -> d.get("queue")).containsExactly("second", "first");
    assertThat(deaths(twice))
        .extracting(d -> d.get("reason"))
        .containsExactly("peer-failed", "refused");
    assertThat(deaths(twice)).extracting(d -> d.get("count")).containsExactly(20L, 1L);
    assertThat(deaths(twice)).noneMatch(d -> d.containsKey("close-code"));
  }

  @Test
  void keepsTenDeathsAtMost() {
    BasicProperties properties = new BasicProperties();
    for (int n = 1; n <= 12; n++) {
      properties =
          DeathHeaders.of(properties, ENVELOPE, "q" + n, rejection(Rejection.Reason.REFUSED, n));
    }

    assertThat(deaths(properties)).hasSize(10);
    assertThat(deaths(properties).getFirst()).containsEntry("queue", "q12");
    assertThat(deaths(properties).getLast()).containsEntry("queue", "q3");
    assertThat(properties.getHeaders()).containsEntry("x-mbb-first-death-queue", "q1");
  }

  @Test
  void sendsNoCopiesAndIsRefusedForNoForeignUserButTellsOfBoth() {
    BasicProperties published =
        new BasicProperties.Builder()
            .userId("someone")
            .headers(Map.of("CC", List.of("copy"), "BCC", List.of("secret"), "own", 1))
            .build();

    BasicProperties dead =
        DeathHeaders.of(published, ENVELOPE, "q", rejection(Rejection.Reason.REFUSED, 1));

    assertThat(dead.getUserId()).isNull();
    assertThat(dead.getHeaders()).doesNotContainKeys("CC", "BCC").containsEntry("own", 1);
    assertThat(deaths(dead).getFirst())
        .containsEntry("routing-keys", List.of("eu.bonds", "copy"))
        .containsEntry("original-user-id", "someone");
    assertThat(published.getHeaders()).containsKeys("CC", "BCC");
  }

  private static Rejection rejection(Rejection.Reason reason, int attempts) {
    return new Rejection(reason, "detail", OptionalInt.empty(), attempts, Instant.EPOCH);
  }

  private static List<Map<Object, Object>> deaths(BasicProperties properties) {
    List<Map<Object, Object>> deaths = new ArrayList<>();
    if (properties.getHeaders().get("x-mbb-death") instanceof List<?> tables) {
      tables.forEach(table -> deaths.add(new HashMap<>((Map<?, ?>) table)));
    }
    return deaths;
  }
}
