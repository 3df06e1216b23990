package org.messagebusbridge.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.bus.Rejection;

class DeathHeadersTest {
  private static final Envelope ENVELOPE = new Envelope(7, true, "trades", "eu.bonds");

  private static final DeathHeaders.Part WHOLE = new DeathHeaders.Part(true, 3, 3);

  @Test
  void believesNothingThatTheMessageSaysOfEarlierDeathsButKeepsIt() {
    Map<String, Object> claimed =
        Map.of(
            "x-mbb-first-death-reason", "forged",
            "x-mbb-first-death-queue", "elsewhere",
            "x-mbb-death", List.of(Map.of("reason", "forged")),
            "x-first-death-reason", "expired",
            "x-last-death-queue", "elsewhere",
            "x-death", List.of(Map.of("reason", "expired")));
    Map<String, Object> headers = new HashMap<>(claimed);
    headers.put("own", 1);

    BasicProperties dead =
        DeathHeaders.of(
            new BasicProperties.Builder().headers(headers).build(),
            ENVELOPE,
            "q",
            rejection(Rejection.Reason.PEER_FAILED, 20),
            WHOLE);

    assertThat(dead.getHeaders())
        .containsOnlyKeys(
            "own",
            "x-mbb-death",
            "x-mbb-first-death-reason",
            "x-mbb-first-death-queue",
            "x-mbb-first-death-exchange")
        .containsEntry("x-mbb-first-death-reason", "peer-failed")
        .containsEntry("x-mbb-first-death-queue", "q")
        .containsEntry("x-mbb-first-death-exchange", "trades");
    assertThat(deaths(dead))
        .singleElement()
        .satisfies(
            death ->
                assertThat(death)
                    .containsEntry("reason", "peer-failed")
                    .containsEntry("count", 20L)
                    .containsEntry("earlier", claimed)
                    .doesNotContainKeys("close-code", "body-bytes", "headers-bytes"));
  }

  @Test
  void saysHowMuchIsMissingOfBodyAndHeaders() {
    BasicProperties dead =
        DeathHeaders.of(
            new BasicProperties.Builder().headers(Map.of("own", "0123456789")).build(),
            ENVELOPE,
            "q",
            rejection(Rejection.Reason.TOO_LARGE, 1),
            new DeathHeaders.Part(false, 65_536, 120L << 20));

    assertThat(dead.getHeaders()).doesNotContainKey("own");
    assertThat(deaths(dead).getFirst())
        .containsEntry("body-bytes", 120L << 20)
        .containsEntry("headers-bytes", 19L);
  }

  @Test
  void sendsNoCopiesAndIsRefusedForNoForeignUserButTellsOfBoth() {
    BasicProperties published =
        new BasicProperties.Builder()
            .userId("someone")
            .headers(Map.of("CC", List.of("copy"), "BCC", List.of("secret"), "own", 1))
            .build();

    BasicProperties dead =
        DeathHeaders.of(published, ENVELOPE, "q", rejection(Rejection.Reason.REFUSED, 1), WHOLE);

    assertThat(dead.getUserId()).isNull();
    assertThat(dead.getHeaders()).doesNotContainKeys("CC", "BCC").containsEntry("own", 1);
    assertThat(deaths(dead).getFirst())
        .containsEntry("routing-keys", List.of("eu.bonds", "copy"))
        .containsEntry("original-user-id", "someone");
    assertThat(published.getHeaders()).containsKeys("CC", "BCC");
  }

  private static Rejection rejection(Rejection.Reason reason, int attempts) {
    return new Rejection(reason, "detail", Map.of(), attempts, Instant.EPOCH);
  }

  private static List<Map<Object, Object>> deaths(BasicProperties properties) {
    List<Map<Object, Object>> deaths = new ArrayList<>();
    if (properties.getHeaders().get("x-mbb-death") instanceof List<?> tables) {
      tables.forEach(table -> deaths.add(new HashMap<>((Map<?, ?>) table)));
    }
    return deaths;
  }
}
