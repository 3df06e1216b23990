package org.messagebusbridge.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerTextTest {
  @Test
  void leavesWhatCanBeRead() {
    assertThat(PeerText.line("Zu gro\u00df: \u4e16 \ud83d\ude80 - 5 % \"quoted\""))
        .isEqualTo("Zu gro\u00df: \u4e16 \ud83d\ude80 - 5 % \"quoted\"");
  }

  @Test
  void makesASpaceOfEverythingThatATerminalOrAReaderWouldTakeForSomethingElse() {
    List<String> left = new ArrayList<>();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      String line = PeerText.line("a" + Character.toString(c) + "b");
      if (isTakenForSomethingElse(c) ? !line.equals("a b") : line.lines().count() != 1) {
        left.add("U+%04X".formatted(c));
      }
    }
    assertThat(left).isEmpty();
  }

  private static boolean isTakenForSomethingElse(int c) {
    return c < 0x20
        || (c >= 0x7F && c <= 0x9F)
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069)
        || (c >= 0xD800 && c <= 0xDFFF)
        || List.of(0x061C, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF).contains(c);
  }

  @Test
  void cutsAtTheBorderOfACharacter() {
    assertThat(PeerText.line("x".repeat(200))).isEqualTo("x".repeat(200));
    assertThat(PeerText.line("x".repeat(201))).isEqualTo("x".repeat(200) + "...");
    assertThat(PeerText.line("x".repeat(199) + "\ud83d\ude80")).isEqualTo("x".repeat(199) + "...");
    assertThat(PeerText.line(" \u001b \n ")).isEmpty();
  }
}
