package org.messagebusbridge.tester;

import org.messagebusbridge.tester.Console.Severity;

/** Every message in lines, as the Python service's tester prints them. */
final class LinesView implements View {

  private final Console console;
  private final boolean focused;

  /**
   * Prints on a console.
   *
   * @param focused whether foreign messages go unreported
   */
  LinesView(Console console, boolean focused) {
    this.console = console;
    this.focused = focused;
  }

  @Override
  public void begin(String headline) {
    console.line(headline);
  }

  @Override
  public void sending(TestMessage message) {
    console.sending(message);
  }

  @Override
  public void sent(TestMessage message) {
    console.sent(message);
  }

  @Override
  public void received(Receipt receipt, int bytes, long tag, boolean consumed) {
    if (!focused || !(receipt instanceof Receipt.Foreign)) {
      console.received(receipt, bytes, tag, consumed);
    }
  }

  @Override
  public void warning(String sentence) {
    console.complain(Severity.WARNING, sentence);
  }

  @Override
  public void close() {}
}
