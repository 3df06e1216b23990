package org.messagebusbridge.config;

import java.nio.file.Path;

/**
 * Where a value came from.
 *
 * @param text as an operator is told it: {@code mq2wsbridge.ini:12}, {@code MBB_AWS_MQ_MQ_PORT}
 */
public record Origin(String text) {
  /** Nobody gave a value, so the key's own default is in force. */
  public static final Origin DEFAULT = new Origin("default");

  /** Nobody gave a value and the key has no default. */
  public static final Origin NOT_SET = new Origin("not set");

  /** A line of a file, counted from 1. */
  public static Origin line(Path file, int line) {
    return new Origin(file + ":" + line);
  }

  /** An environment variable. */
  public static Origin variable(String name) {
    return new Origin(name);
  }

  @Override
  public String toString() {
    return text;
  }
}
