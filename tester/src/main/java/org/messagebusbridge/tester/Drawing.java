package org.messagebusbridge.tester;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** A picture of a run on a screen. It has no state: a screen of any size can be drawn any time. */
interface Drawing {

  /** What stands above the status. */
  List<AttributedString> body(Frame frame, int columns, int rows);

  /**
   * The whole screen. The status takes a second line, or a third, where it is too long for one and
   * there is room.
   *
   * @param columns above 0
   * @param rows above 0; what does not fit is left out, the status last
   * @return so many lines, or fewer, none wider than the screen
   */
  default List<AttributedString> screen(Frame frame, int columns, int rows) {
    List<AttributedString> status = new ArrayList<>();
    for (String text : wrap(frame.status(), columns, Math.max(1, rows / 3 - 1))) {
      status.add(line(text, AttributedStyle.BOLD, columns));
    }
    status.add(
        frame.warning().isPresent()
            ? line(frame.warning().get(), Paint.BAD.style(), columns)
            : line(frame.counts(), AttributedStyle.DEFAULT, columns));
    int below = Math.min(rows, status.size());
    List<AttributedString> lines = new ArrayList<>();
    if (rows > below) {
      lines.addAll(body(frame, columns, rows - below));
    }
    while (lines.size() < rows - below) {
      lines.add(AttributedString.EMPTY);
    }
    lines.addAll(status.subList(0, below));
    return lines;
  }

  /** Puts parts side by side, and below one another where they do not fit, on so many lines. */
  private static List<String> wrap(List<String> parts, int columns, int most) {
    List<String> lines = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (String part : parts) {
      if (!text.isEmpty()) {
        if (text.length() + 2 + part.length() > columns && lines.size() + 1 < most) {
          lines.add(text.toString());
          text.setLength(0);
        } else {
          text.append("  ");
        }
      }
      text.append(part);
    }
    lines.add(text.toString());
    return lines;
  }

  /** One line that fits. */
  static AttributedString line(String text, AttributedStyle style, int columns) {
    return new AttributedStringBuilder()
        .styled(style, text.length() > columns ? text.substring(0, columns) : text)
        .toAttributedString();
  }
}
