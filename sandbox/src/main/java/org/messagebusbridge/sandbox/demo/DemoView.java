package org.messagebusbridge.sandbox.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** What the demo shows, in 80 columns. Safe for use by several threads. */
final class DemoView {

  private static final int COLUMNS = 80;
  private static final int LABEL = 11;
  private static final int PART = 31;
  private static final int CELLS = 10;
  private static final int CELL = 6;
  private static final int MOST_CELLS_A_SECOND = 100;

  private final PrintWriter out;
  private final boolean colour;
  private int shownEvery = 1;
  private int expected;
  private int back;
  private int cells;

  DemoView(PrintWriter out, boolean colour) {
    this.out = out;
    this.colour = colour;
  }

  synchronized void title() {
    print(
        Style.BOLD.on("MessageBusBridge: a demo with the real bridge and the real tester", colour));
    print("");
  }

  /** One of the parts is up. The detail has a line of its own when one is too short for both. */
  synchronized void part(String name, String what, String detail) {
    String label = "  " + Style.BOLD.on("%-9s".formatted(name), colour);
    String column = ("%-" + PART + "s").formatted(what);
    if (what.length() >= PART || LABEL + column.length() + detail.length() > COLUMNS) {
      print(label + what);
      print(" ".repeat(LABEL) + Style.DIM.on(detail, colour));
    } else {
      print(label + column + Style.DIM.on(detail, colour));
    }
  }

  /**
   * Messages begin to flow.
   *
   * @param messages how many are to come back
   * @param rate how many a second; at a high one not every message is shown
   */
  synchronized void begin(int messages, double rate) {
    expected = messages;
    shownEvery = Math.max(1, (int) Math.ceil(rate / MOST_CELLS_A_SECOND));
    print("");
    print("  tester -> queue -> bridge -> echoing service -> bridge -> queue -> tester");
    String some = shownEvery == 1 ? "" : ", one message in " + shownEvery;
    print(
        Style.DIM.on("  as they come back: the round trip of each in milliseconds" + some, colour));
    print("");
  }

  /** A message came back. */
  synchronized void cameBack(Duration roundTrip) {
    if (back++ % shownEvery == 0) {
      if (cells == 0) {
        out.print(Style.DIM.on("%9s ".formatted("#" + back), colour));
      }
      out.print(cell(roundTrip));
      cells++;
    }
    if (cells == CELLS) {
      endRow();
    }
    out.flush();
  }

  private String cell(Duration roundTrip) {
    double millis = roundTrip.toNanos() / 1e6;
    String text = String.format(Locale.ROOT, millis < 1_000 ? "%6.1f" : "%6.0f", millis);
    Style style = millis < 20 ? Style.GREEN : millis < 200 ? Style.YELLOW : Style.RED;
    return style.on(text, colour);
  }

  private void endRow() {
    if (cells > 0) {
      int percent = expected == 0 ? 0 : (int) (100L * back / expected);
      print(Style.DIM.on(" ".repeat(CELL * (CELLS - cells)) + "%5d %%".formatted(percent), colour));
      cells = 0;
    }
  }

  /** How it went. */
  synchronized void summary(TesterOutput.Totals totals, double perSecond) {
    endRow();
    print("");
    String counts =
        "sent %d, came back %d, lost %d, twice %d"
            .formatted(totals.sent(), totals.received(), totals.lost(), totals.duplicated());
    print("  " + (totals.lost() == 0 ? Style.GREEN : Style.RED).on(counts, colour));
    if (!totals.times().isEmpty()) {
      print(String.format(Locale.ROOT, "  %s; %.1f messages/s", totals.times(), perSecond));
    }
  }

  /** A block of text as it is. */
  synchronized void text(String text) {
    endRow();
    print(text.stripTrailing());
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }
}
