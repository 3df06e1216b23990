package org.messagebusbridge.observability;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * Something that was logged.
 *
 * @param time when
 * @param level how much it matters
 * @param logger the logger's name: the class that speaks
 * @param message what happened, with its arguments filled in
 * @param keyValues who and where, in the order given
 * @param thrown the failure behind it
 */
public record LogEvent(
    Instant time,
    Level level,
    String logger,
    String message,
    List<KeyValuePair> keyValues,
    Optional<Throwable> thrown) {

  public LogEvent {
    keyValues = List.copyOf(keyValues);
  }
}
