package org.messagebusbridge.tester;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** One cell a message, in the order of sending; the latest rows when not all fit. */
record GraphDrawing() implements Drawing {

  private static final String LEGEND =
      ". sent  o returned  L returned late  ? overdue  x refused  ! damaged";

  @Override
  public List<AttributedString> body(Frame frame, int columns, int rows) {
    List<AttributedString> lines = new ArrayList<>();
    lines.add(Drawing.line(frame.headline(), AttributedStyle.BOLD, columns));
    lines.add(Drawing.line(LEGEND, AttributedStyle.DEFAULT, columns));
    int sent = frame.log().sent();
    int space = Math.max(0, rows - lines.size());
    int firstRow = Math.max(0, Math.ceilDiv(sent, columns) - space);
    for (int begin = firstRow * columns; begin < sent && space > 0; begin += columns) {
      AttributedStringBuilder line = new AttributedStringBuilder(columns);
      for (int i = begin; i < Math.min(sent, begin + columns); i++) {
        MessageState state = frame.log().state(i + 1, frame.now());
        line.styled(Paint.of(state).style(), Character.toString(cell(state)));
      }
      lines.add(line.toAttributedString());
    }
    return lines.subList(0, Math.min(rows, lines.size()));
  }

  private static char cell(MessageState state) {
    return switch (state) {
      case OUT -> '.';
      case BACK -> 'o';
      case LATE -> 'L';
      case OVERDUE -> '?';
      case REFUSED -> 'x';
      case DAMAGED -> '!';
    };
  }
}
