package org.messagebusbridge.tester;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/**
 * The whole terminal, for as long as it is shown: the other screen that terminals have, so that
 * what stood there is there again afterwards. It is drawn ten times a second at the size that the
 * terminal has then. Safe for use by several threads.
 */
final class Screen {

  private static final long BETWEEN = Duration.ofMillis(100).toNanos();

  private static final int USUAL_COLUMNS = 80;
  private static final int USUAL_ROWS = 24;

  /** What is on the screen. */
  interface Picture {

    /** The lines for a screen of that size; called by one thread at a time. */
    List<AttributedString> draw(int columns, int rows);
  }

  private final Terminal terminal;
  private final Picture picture;
  private final Display display;
  private final Thread painter = Thread.ofPlatform().name("screen").daemon().unstarted(this::paint);
  private Optional<Attributes> before = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private int columns;
  private int rows;
  private boolean shown;

  Screen(Terminal terminal, Picture picture) {
    this.terminal = terminal;
    this.picture = picture;
    this.display = new Display(terminal, true);
  }

  /** Takes the terminal and begins to draw. */
  void show() {
    synchronized (this) {
      Attributes attributes = terminal.getAttributes();
      before = Optional.of(new Attributes(attributes));
      // What is typed is not shown; Ctrl-C stays a signal.
      attributes.setLocalFlags(EnumSet.of(LocalFlag.ICANON, LocalFlag.ECHO), false);
      attributes.setLocalFlag(LocalFlag.ISIG, true);
      terminal.setAttributes(attributes);
      terminal.puts(Capability.enter_ca_mode);
      terminal.puts(Capability.cursor_invisible);
      terminal.flush();
      shown = true;
    }
    painter.start();
  }

  private void paint() {
    while (paintOnce()) {
      LockSupport.parkNanos(this, BETWEEN);
    }
  }

  private synchronized boolean paintOnce() {
    if (!shown) {
      return false;
    }
    try {
      // A terminal that does not know its size says 0.
      Size size = terminal.getSize();
      int columnsNow = size.getColumns() > 0 ? size.getColumns() : USUAL_COLUMNS;
      int rowsNow = size.getRows() > 0 ? size.getRows() : USUAL_ROWS;
      if (columnsNow != columns || rowsNow != rows) {
        columns = columnsNow;
        rows = rowsNow;
        display.resize(Size.of(columns, rows));
        display.clear();
      }
      display.update(picture.draw(columns, rows), -1);
      return true;
    } catch (RuntimeException e) {
      failure = Optional.of("The screen could not be drawn (%s).".formatted(e));
      hide();
      return false;
    }
  }

  /**
   * Gives the terminal back as it was. Idempotent.
   *
   * @return whether this call did it
   */
  synchronized boolean hide() {
    if (!shown) {
      return false;
    }
    shown = false;
    LockSupport.unpark(painter);
    terminal.puts(Capability.cursor_normal);
    terminal.puts(Capability.exit_ca_mode);
    terminal.flush();
    try {
      // What was typed meanwhile is not for the shell.
      while (System.in.available() > 0 && System.in.skip(System.in.available()) > 0) {}
    } catch (IOException e) {
      // there is nothing to type on
    }
    before.ifPresent(terminal::setAttributes);
    return true;
  }

  /** Why it is shown no more, told once; empty when nothing went wrong. */
  synchronized Optional<String> takeFailure() {
    Optional<String> taken = failure;
    failure = Optional.empty();
    return taken;
  }

  /** How many columns were drawn last. */
  synchronized int columns() {
    return columns;
  }

  /** How many rows were drawn last. */
  synchronized int rows() {
    return rows;
  }
}
