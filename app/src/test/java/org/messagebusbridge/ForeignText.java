package org.messagebusbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** What somebody else may say, and what of it may stand on a terminal. */
public final class ForeignText {
  /**
   * The controls of Unicode's bidirectional algorithm (UAX #9, section 2), which reorder a line.
   */
  private static final Set<Integer> BIDI =
      Set.of(
          0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068,
          0x2069);

  private static final Set<Integer> SEPARATORS = Set.of(0x2028, 0x2029);

  private ForeignText() {}

  /**
   * Asserts that this is one line, without its end, that no terminal takes for more than text: no
   * control character of C0 or C1, no bidirectional one, no half of a surrogate pair.
   */
  public static void assertPrintable(String line) {
    line.codePoints()
        .forEach(
            point ->
                assertThat(
                        Character.isISOControl(point)
                            || BIDI.contains(point)
                            || SEPARATORS.contains(point)
                            || Character.getType(point) == Character.SURROGATE)
                    .as("U+%04X in: %s", point, line)
                    .isFalse());
  }

  /** What somebody else may say: anything, and often what is to forge or to hide a line. */
  public static Arbitrary<String> any() {
    Arbitrary<String> telling =
        Arbitraries.of(
            "\n",
            "\r",
            "\r\n",
            "\t",
            "\u001b[2J",
            "\u001b]0;x\u0007",
            "\u009b31m",
            "\u0085",
            "\u0000",
            "\u007f",
            "\u0080",
            "\u009f",
            "\u2028",
            "\u2029",
            "\u202e",
            "\u2066",
            "\u061c",
            "\u200f",
            "\ud83d",
            "\ude80",
            "\ud83d\ude80",
            "\\",
            "\"",
            "\nerror: forged",
            " ",
            "a",
            "\u00a0",
            "\u3000",
            "\u00e9",
            "\uffff");
    Arbitrary<String> pieces =
        Arbitraries.frequencyOf(
            Tuple.of(3, telling),
            Tuple.of(1, Arbitraries.strings().ofMaxLength(300)),
            Tuple.of(1, Arbitraries.strings().ascii().ofMaxLength(40)));
    return pieces.list().ofMaxSize(12).map(list -> String.join("", list));
  }
}
