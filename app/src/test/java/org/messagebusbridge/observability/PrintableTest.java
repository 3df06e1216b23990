package org.messagebusbridge.observability;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

  @ParameterizedTest
  @CsvSource({
    "0, \\u0000",
    "7, \\u0007",
    "9, \\t",
    "a, \\n",
    "d, \\r",
    "1b, \\u001b",
    "7f, \\u007f",
    "85, \\u0085",
    "9b, \\u009b",
    "ad, \\u00ad",
    "61c, \\u061c",
    "200b, \\u200b",
    "200f, \\u200f",
    "2028, \\u2028",
    "202e, \\u202e",
    "2066, \\u2066",
    "2069, \\u2069",
    "feff, \\ufeff",
    "d800, \\ud800",
    "e0041, \\udb40\\udc41",
    "20, ' '",
    "5c, \\",
    "e9, é",
    "20ac, €",
    "1f680, 🚀",
  })
  void escapesWhatATerminalWouldObeyOrHide(String codePoint, String shown) {
    String text = Character.toString(Integer.parseInt(codePoint, 16));
    assertThat(Printable.line("a" + text + "b")).isEqualTo("a" + shown + "b");
  }

  @Property
  void anyTextIsOneLineThatHidesNothing(@ForAll String text) {
    assertThat(Printable.line(text).codePoints())
        .noneMatch(Character::isISOControl)
        .noneMatch(c -> Character.getType(c) == Character.FORMAT)
        .noneMatch(c -> Character.getType(c) == Character.SURROGATE)
        .noneMatch(c -> c == 0x2028 || c == 0x2029);
  }
}
