package org.messagebusbridge.tls;

import java.util.regex.Pattern;

/**
 * What a peer wrote, made fit to stand in a sentence for an operator. For names in certificates,
 * close reasons, headers and whatever quotes them.
 */
public final class PeerText {
  private static final int MAX_LENGTH = 200;

  /**
   * Controls (C0, C1), formats (bidi controls among them), lone surrogates, and all white space.
   */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Z}\\s]+");

  private PeerText() {}

  /** The text on one line, in printable characters and spaces alone, of at most 200 of them. */
  public static String line(String text) {
    String clean = UNPRINTABLE.matcher(text).replaceAll(" ").strip();
    if (clean.length() <= MAX_LENGTH) {
      return clean;
    }
    boolean insidePair = Character.isHighSurrogate(clean.charAt(MAX_LENGTH - 1));
    return clean.substring(0, insidePair ? MAX_LENGTH - 1 : MAX_LENGTH) + "...";
  }
}
