package org.messagebusbridge.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds what somebody may have meant by a name that is not known. */
final class Suggestions {
  /** What is shown of a name: one that does not look like a name may be part of a secret. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,39}");

  private Suggestions() {}

  /** A warning about a key that is not known in its section. */
  static String unknownKey(Section section, String name) {
    String what = shown(name) + " is not a key of [" + section + "] and is ignored";
    Optional<Key<?>> elsewhere = Keys.find(name);
    if (elsewhere.isPresent()) {
      return what + "; it belongs in [" + elsewhere.get().section() + "].";
    }
    return what
        + nearest(name, section.keys().stream().map(Key::name).toList())
            .or(() -> nearest(name, Keys.ALL.stream().map(Key::name).toList()))
            .map(near -> "; did you mean " + near + "?")
            .orElse(".");
  }

  /** A warning about a section that is not known. */
  static String unknownSection(String name) {
    return "["
        + name
        + "] is not a section that the bridge knows and is ignored"
        + nearest(name, Keys.SECTIONS.stream().map(Section::title).toList())
            .map(near -> "; did you mean [" + near + "]?")
            .orElse(".");
  }

  /** The name as a warning may show it. */
  static String shown(String name) {
    return NAME.matcher(name).matches() ? name : "what is set here";
  }

  /** The candidate with the fewest edits from the name, when they are few for its length. */
  static Optional<String> nearest(String name, List<String> candidates) {
    int few = Math.max(2, name.length() / 3);
    return candidates.stream()
        .filter(candidate -> distance(name, candidate) <= few)
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
  }

  /** Levenshtein's distance, case ignored. */
  static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        boolean same =
            Character.toLowerCase(one.charAt(i - 1)) == Character.toLowerCase(other.charAt(j - 1));
        int cost = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
        diagonal = row[j];
        row[j] = cost;
      }
    }
    return row[other.length()];
  }
}
