package org.messagebusbridge.observability;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * Writes an event as one line, in UTC, whatever it holds:
 *
 * <pre>
 * 2026-11-23T10:15:30.123Z WARN  websocket  connection lost  code=1006 cause="SocketException: reset"
 * </pre>
 *
 * A throwable is its chain of causes, never a stack trace. What a peer may have put into a close
 * reason is escaped ({@link Printable}), so that nobody can forge a line.
 */
final class LogLine {
  private static final String OURS = "org.messagebusbridge.";
  private static final int LEVEL_AT = "2026-11-23T10:15:30.123Z ".length();
  private static final int LEVEL_WIDTH = 5;
  private static final int COMPONENT_WIDTH = 10;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private LogLine() {}

  /** The line, without a line feed. */
  static String of(LogEvent event) {
    StringBuilder line = new StringBuilder(160);
    TIME.formatTo(event.time(), line);
    line.append(' ');
    appendPadded(line, event.level().name(), LEVEL_WIDTH);
    line.append(' ');
    appendPadded(line, component(event.logger()), COMPONENT_WIDTH);
    line.append(' ');
    appendText(line, event);
    return line.toString().stripTrailing();
  }

  /** The same with its level coloured, by the escape sequences of a terminal. */
  static String coloured(String line, Level level) {
    int end = LEVEL_AT + LEVEL_WIDTH;
    return line.substring(0, LEVEL_AT)
        + colourOf(level)
        + line.substring(LEVEL_AT, end)
        + "\u001b[0m"
        + line.substring(end);
  }

  /** What happened, with who and where: the line without time, level and component. */
  static String text(LogEvent event) {
    StringBuilder text = new StringBuilder(160);
    appendText(text, event);
    return text.toString();
  }

  private static void appendText(StringBuilder line, LogEvent event) {
    line.append(Printable.line(event.message()));
    String gap = "  ";
    for (KeyValuePair pair : event.keyValues()) {
      line.append(gap).append(pair.key).append('=');
      appendValue(line, String.valueOf(pair.value));
      gap = " ";
    }
    if (event.thrown().isPresent()) {
      line.append(gap).append("cause=");
      appendValue(line, chain(event.thrown().get()));
    }
  }

  private static String colourOf(Level level) {
    return switch (level) {
      case ERROR -> "\u001b[1;31m";
      case WARN -> "\u001b[33m";
      case INFO -> "\u001b[32m";
      case DEBUG, TRACE -> "\u001b[2m";
    };
  }

  /** The package below ours, or the first telling word of another's name. */
  static String component(String logger) {
    if (logger.startsWith(OURS)) {
      return firstWord(logger.substring(OURS.length()));
    }
    String first = firstWord(logger);
    return switch (first) {
      case "com", "org", "io", "net", "software" ->
          firstWord(logger.substring(Math.min(first.length() + 1, logger.length())));
      default -> first;
    };
  }

  private static String firstWord(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static String chain(Throwable thrown) {
    StringBuilder chain = new StringBuilder();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable link = thrown; link != null && seen.add(link); link = link.getCause()) {
      if (!chain.isEmpty()) {
        chain.append(" < ");
      }
      chain.append(link.getClass().getSimpleName());
      String message = link.getMessage();
      if (message != null && !message.isBlank()) {
        chain.append(": ").append(message);
      }
    }
    return chain.toString();
  }

  private static void appendPadded(StringBuilder line, String text, int width) {
    line.append(text);
    for (int i = text.length(); i < width; i++) {
      line.append(' ');
    }
  }

  private static void appendValue(StringBuilder line, String value) {
    boolean quote = value.isEmpty() || value.indexOf(' ') >= 0 || value.indexOf('"') >= 0;
    if (quote) {
      line.append('"');
    }
    line.append(Printable.line(quote ? value.replace("\"", "\\\"") : value));
    if (quote) {
      line.append('"');
    }
  }
}
