package org.messagebusbridge.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.impl.Frame;
import java.io.UncheckedIOException;
import java.io.UnsupportedEncodingException;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.messagebusbridge.bus.Rejection;

/**
 * The properties of a dead letter: those of the message, with headers that say why it died. They
 * follow RabbitMQ's {@code x-death} (its page "Dead Letter Exchanges", section "Dead-Lettered
 * Effects on Messages"): {@code x-mbb-death} is an array with a table, with {@code reason}, {@code
 * count} (how often the message was tried), {@code queue}, {@code time}, {@code detail}, {@code
 * exchange}, {@code routing-keys} and, where there was one, {@code close-code}, {@code
 * original-expiration} and {@code original-user-id}; {@code body-bytes} where the body is not whole
 * and {@code headers-bytes} where the message's own headers are missing. {@code
 * x-mbb-first-death-reason}, {@code -queue} and {@code -exchange} say the same of this death.
 *
 * <p>What a message says of earlier deaths, its publisher may have written, and a reader would take
 * it for ours or the broker's. So it is moved to {@code earlier} in that table, with what was in
 * it.
 */
final class DeathHeaders {
  private static final String DEATH = "x-mbb-death";
  private static final String FIRST_DEATH = "x-mbb-first-death-";

  /** RabbitMQ sends copies of a message to the queues that these headers name. */
  private static final List<String> COPIES = List.of("CC", "BCC");

  /** How the names of headers begin that tell of deaths, the broker's and ours. */
  private static final List<String> OF_DEATHS =
      List.of("x-death", "x-first-death-", "x-last-death-", "x-opt-deaths", "x-mbb-");

  private static final int MOST_ROUTING_KEYS = 20;
  private static final int LONGEST_DETAIL = 1_000;

  /**
   * What of the message goes into the letter.
   *
   * @param headers whether its own headers do
   * @param kept how much of its body does, in bytes
   * @param bodyBytes how large that was
   */
  record Part(boolean headers, long kept, long bodyBytes) {}

  private DeathHeaders() {}

  /**
   * The message's own properties with the headers added. Without {@code expiration}, with which it
   * would vanish from the dead letter queue, and without {@code user_id}, which the broker takes
   * from that user alone; both are in the headers.
   */
  static BasicProperties of(
      BasicProperties properties, Envelope envelope, String queue, Rejection rejection, Part part) {
    Map<String, Object> own = new HashMap<>();
    if (properties.getHeaders() != null) {
      own.putAll(properties.getHeaders());
    }
    Map<String, Object> death = death(properties, envelope, queue, rejection, own);
    if (part.kept < part.bodyBytes) {
      death.put("body-bytes", part.bodyBytes);
    }
    Map<String, Object> headers = new HashMap<>();
    if (part.headers) {
      Map<String, Object> earlier = new TreeMap<>();
      own.forEach((name, value) -> (isOfDeaths(name) ? earlier : headers).put(name, value));
      if (!earlier.isEmpty()) {
        death.put("earlier", earlier);
      }
      COPIES.forEach(headers::remove);
    } else {
      death.put("headers-bytes", bytes(own));
    }
    headers.put(DEATH, List.of(death));
    for (String key : List.of("reason", "queue", "exchange")) {
      headers.put(FIRST_DEATH + key, death.get(key));
    }
    return properties.builder().headers(headers).expiration(null).userId(null).build();
  }

  private static boolean isOfDeaths(String name) {
    return OF_DEATHS.stream().anyMatch(name::startsWith);
  }

  private static long bytes(Map<String, Object> headers) {
    try {
      return Frame.tableSize(headers);
    } catch (UnsupportedEncodingException e) {
      throw new UncheckedIOException(e);
    }
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
    death.putAll(rejection.details());
    death.put("exchange", envelope.getExchange());
    List<Object> routingKeys = new ArrayList<>();
    routingKeys.add(envelope.getRoutingKey());
    if (headers.get("CC") instanceof List<?> copies) {
      copies.stream().limit(MOST_ROUTING_KEYS).forEach(routingKeys::add);
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
