package org.messagebusbridge.tester;

import org.jline.utils.AttributedStyle;

/** What colours mean. */
enum Paint {
  GOOD(AttributedStyle.GREEN),
  WAITING(AttributedStyle.WHITE),
  SLOW(AttributedStyle.YELLOW),
  BAD(AttributedStyle.RED);

  private final int colour;

  Paint(int colour) {
    this.colour = colour;
  }

  AttributedStyle style() {
    return AttributedStyle.DEFAULT.foreground(colour);
  }

  static Paint of(MessageState state) {
    return switch (state) {
      case OUT -> WAITING;
      case BACK -> GOOD;
      case LATE -> SLOW;
      case OVERDUE, REFUSED, DAMAGED -> BAD;
    };
  }
}
