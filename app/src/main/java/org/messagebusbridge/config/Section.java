package org.messagebusbridge.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The sections of the configuration, by the names that the Python service gave them. */
public enum Section {
  WS_API("the WebSocket API"),
  AWS_MQ("the broker and its queues"),
  AWS_CLOUDWATCH("CloudWatch, for -l (logs) and -m (metrics)"),
  BRIDGE("the bridge itself");

  private final String title;

  Section(String title) {
    this.title = title;
  }

  /** The name in the file, between brackets; case matters there. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the section is about, in a few words. */
  String about() {
    return title;
  }

  /** The section of that exact name. */
  public static Optional<Section> named(String title) {
    return Arrays.stream(values()).filter(section -> section.title().equals(title)).findFirst();
  }

  @Override
  public String toString() {
    return title();
  }
}
