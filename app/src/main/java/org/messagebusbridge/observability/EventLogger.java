package org.messagebusbridge.observability;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.FormattingTuple;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** A logger that makes a {@link LogEvent} of each call and gives it to {@link LogSetup}. */
final class EventLogger extends LegacyAbstractLogger implements LoggingEventAware {
  private static final long serialVersionUID = 1L;

  EventLogger(String name) {
    this.name = name;
  }

  @Override
  public boolean isTraceEnabled() {
    return LogSetup.isEnabled(name, Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return LogSetup.isEnabled(name, Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return LogSetup.isEnabled(name, Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return LogSetup.isEnabled(name, Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return LogSetup.isEnabled(name, Level.ERROR);
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return EventLogger.class.getName();
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String message,
      @Nullable Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    publish(level, message, arguments, List.of(), thrown);
  }

  /** Logs an event that was put together by the fluent calls, such as {@code atInfo()}. */
  @Override
  public void log(LoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    publish(
        event.getLevel(),
        event.getMessage(),
        event.getArgumentArray(),
        pairs == null ? List.of() : pairs,
        event.getThrowable());
  }

  private void publish(
      Level level,
      @Nullable String message,
      @Nullable Object @Nullable [] arguments,
      List<KeyValuePair> pairs,
      @Nullable Throwable thrown) {
    FormattingTuple formatted = MessageFormatter.arrayFormat(message, arguments);
    Throwable cause = thrown == null ? formatted.getThrowable() : thrown;
    String text = formatted.getMessage();
    LogSetup.log(
        new LogEvent(
            Instant.now(),
            level,
            name,
            text == null ? "" : text,
            pairs,
            Optional.ofNullable(cause)));
  }
}
