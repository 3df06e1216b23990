package org.messagebusbridge.tester;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.messagebusbridge.tester.Console.Severity;

/**
 * A run on the whole terminal. When it ends, what the screen showed last is printed on the terminal
 * as it was before. A signal gives the terminal back at once.
 */
final class ScreenView implements View {

  private static final int TERMINATED = 128 + 15;

  private final Terminal terminal;
  private final Console console;
  private final Clock clock;
  private final Plan plan;
  private final MessageLog log;
  private final boolean table;
  private final Pace pace = new Pace();
  private final Screen screen;
  private final Thread hook = new Thread(this::leave, "screen-restore");
  private volatile Drawing drawing = new GraphDrawing();
  private volatile String headline = "";
  private volatile long start;
  private volatile Optional<String> warning = Optional.empty();

  private ScreenView(
      Terminal terminal, Console console, Clock clock, Plan plan, MessageLog log, boolean table) {
    this.terminal = terminal;
    this.console = console;
    this.clock = clock;
    this.plan = plan;
    this.log = log;
    this.table = table;
    this.screen = new Screen(terminal, this::draw);
  }

  /**
   * A view on the terminal of standard output, which is not touched before the run begins.
   *
   * @param table whether it is the table rather than the graph
   * @return empty when there is no terminal, or one whose cursor cannot be moved
   */
  static Optional<ScreenView> open(
      Console console,
      Clock clock,
      Plan plan,
      MessageLog log,
      boolean table,
      Map<String, String> environment) {
    return Terminals.open(environment)
        .map(terminal -> new ScreenView(terminal, console, clock, plan, log, table));
  }

  @Override
  public void begin(String line) {
    headline = line;
    start = System.nanoTime();
    if (table) {
      drawing = new TableDrawing(clock.instant(), clock.getZone());
    }
    Runtime.getRuntime().addShutdownHook(hook);
    endWithLauncher();
    screen.show();
  }

  /**
   * The launcher stays, to put the terminal in order should this process be killed; it says so by a
   * system property. A signal to end that is sent to it alone ends it, so that ends this one too.
   */
  private static void endWithLauncher() {
    if (Boolean.getBoolean("mbb.guarded")) {
      ProcessHandle.current().parent().ifPresent(ScreenView::endWith);
    }
  }

  private static void endWith(ProcessHandle launcher) {
    var _ = launcher.onExit().thenRun(() -> System.exit(TERMINATED));
  }

  private List<AttributedString> draw(int columns, int rows) {
    return draw(columns, rows, drawing::screen);
  }

  private interface Part {
    List<AttributedString> draw(Frame frame, int columns, int rows);
  }

  private List<AttributedString> draw(int columns, int rows, Part part) {
    long now = System.nanoTime();
    double perSecond = pace.at(now, log.summary().returned());
    Frame frame = new Frame(headline, plan, log, start, now, perSecond, warning);
    return part.draw(frame, columns, rows);
  }

  @Override
  public void sending(TestMessage message) {}

  @Override
  public void sent(TestMessage message) {}

  @Override
  public void received(Receipt receipt, int bytes, long tag, boolean consumed) {}

  @Override
  public void warning(String sentence) {
    warning = Optional.of(sentence);
  }

  @Override
  public void close() {
    leave();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // a signal came: the hook has run, or runs now
    }
    try {
      terminal.close();
    } catch (IOException e) {
      // it is as it was before
    }
  }

  private void leave() {
    synchronized (screen) {
      if (screen.hide()) {
        printLast();
      } else {
        screen.takeFailure().ifPresent(sentence -> console.complain(Severity.WARNING, sentence));
      }
    }
  }

  private void printLast() {
    if (screen.columns() == 0) {
      return;
    }
    for (AttributedString line : draw(screen.columns(), screen.rows() - 2, drawing::body)) {
      console.line(line.toString().stripTrailing());
    }
    warning.ifPresent(sentence -> console.complain(Severity.WARNING, sentence));
  }
}
