package org.messagebusbridge.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.messagebusbridge.bus.Rejection;

/**
 * The properties of a dead letter: those of the message, with headers that say why it died. They
 * follow RabbitMQ's {@code x-death} (its page "Dead Letter Exchanges", section "Dead-Lettered
 * Effects on Messages"): {@code x-mbb-death} is an array of tables, the latest death first, with
 * {@code reason}, {@code count} (how often the message was tried), {@code queue}, {@code time},
 * {@code detail}, {@code exchange}, {@code routing-keys} and, where there was one, {@code
 * close-code} and {@code original-expiration}; {@code x-mbb-first-death-reason}, {@code -queue} and
 * {@code -exchange} are never changed once they are set.
 */
final class DeathHeaders {
  private static final String DEATH = "x-mbb-death";
  private static final String FIRST_DEATH = "x-mbb-first-death-";

  /** RabbitMQ sends copies of a message to the queues that these headers name. */
  private static final List<String> COPIES = List.of("CC", "BCC");

  private static final int MOST_DEATHS = 10;
  private static final int LONGEST_DETAIL = 1_000;

  private DeathHeaders() {}

  /**
   * The message's own properties with the headers added. Without {@code expiration}, with which it
   * would vanish from the dead letter queue, and without {@code user_id}, which the broker takes
   * from that user alone; both are in the headers.
   */
  static BasicProperties of(
      BasicProperties properties, Envelope envelope, String queue, Rejection rejection) {
    Map<String, Object> headers = new HashMap<>();
    if (properties.getHeaders() != null) {
      headers.putAll(properties.getHeaders());
    }
    Map<String, Object> death = death(properties, envelope, queue, rejection, headers);
    List<Object> deaths = new ArrayList<>();
    deaths.add(death);
    if (headers.get(DEATH) instanceof List<?> earlier) {
      earlier.stream().limit(MOST_DEATHS - 1).forEach(deaths::add);
    }
    headers.put(DEATH, deaths);
    for (String key : List.of("reason", "queue", "exchange")) {
      headers.putIfAbsent(FIRST_DEATH + key, death.get(key));
    }
    COPIES.forEach(headers::remove);
    return properties.builder().headers(headers).expiration(null).userId(null).build();
  }

  private static Map<String, Object> death(
      BasicProperties properties,
      Envelope envelope,
      String queue,
      Rejection rejection,
      Map<String, Object> headers) {
    Map<String, Object> death = new LinkedHashMap<>();
    death.put("reason", rejection.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    death.put("count", (long) rejection.attempts());
    death.put("queue", queue);
    death.put("time", Date.from(rejection.time()));
    death.put("detail", shortened(rejection.detail()));
    rejection.closeCode().ifPresent(code -> death.put("close-code", code));
    death.put("exchange", envelope.getExchange());
    List<Object> routingKeys = new ArrayList<>();
    routingKeys.add(envelope.getRoutingKey());
    if (headers.get("CC") instanceof List<?> copies) {
      routingKeys.addAll(copies);
    }
    death.put("routing-keys", routingKeys);
    if (properties.getExpiration() != null) {
      death.put("original-expiration", properties.getExpiration());
    }
    if (properties.getUserId() != null) {
      death.put("original-user-id", properties.getUserId());
    }
    return death;
  }

  private static String shortened(String detail) {
    return detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL);
  }
}
