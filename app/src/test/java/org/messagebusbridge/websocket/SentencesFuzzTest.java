package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.ForeignText;
import org.messagebusbridge.Fuzz;

/** Whatever a peer says, a sentence quotes it on one line, fit to be printed, and not at length. */
@Tag("fuzz")
class SentencesFuzzTest {
  private static final int MOST = 200 + "...".length();

  @Test
  void whatIsQuotedIsOneShortLine() {
    Fuzz.check(
        "SentencesFuzzTest#whatIsQuotedIsOneShortLine",
        20_000,
        ForeignText.any(),
        text -> {
          String quoted = Sentences.quoted(text);
          ForeignText.assertPrintable(quoted);
          assertThat(quoted).hasSizeLessThanOrEqualTo(MOST);
        });
  }

  /** Found by the property below: the sentence had nothing where the cause belongs. */
  @Test
  void anExceptionThatSaysNothingPrintableIsNamed() {
    assertThat(Sentences.cause(new IllegalStateException("\u200f\u202e")))
        .isEqualTo("IllegalStateException");
  }

  @Test
  void whatAnExceptionSaysIsOneShortLine() {
    Fuzz.check(
        "SentencesFuzzTest#whatAnExceptionSaysIsOneShortLine",
        10_000,
        ForeignText.any(),
        text -> {
          String said = Sentences.cause(new IllegalStateException(text));
          ForeignText.assertPrintable(said);
          assertThat(said).isNotBlank().hasSizeLessThanOrEqualTo(MOST);
        });
  }
}
