package org.messagebusbridge.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Python's {@code configparser.BasicInterpolation}: {@code %%} is a percent sign, {@code %(name)s}
 * the value of another key. A percent sign that is neither stays as it is, where Python fails: a
 * password may have one.
 */
final class Interpolation {
  private static final int MAX_DEPTH = 10;
  private static final Pattern REFERENCE = Pattern.compile("%\\(([^)]+)\\)s");

  private final Function<String, Optional<String>> values;

  /**
   * @param values the value of a key by its name in lower case, before interpolation
   */
  Interpolation(Function<String, Optional<String>> values) {
    this.values = values;
  }

  String resolve(String text) throws BadValueException {
    StringBuilder resolved = new StringBuilder();
    resolve(text, resolved, 1);
    return resolved.toString();
  }

  private void resolve(String text, StringBuilder resolved, int depth) throws BadValueException {
    if (!text.contains("%")) {
      resolved.append(text);
      return;
    }
    if (depth > MAX_DEPTH) {
      throw new BadValueException(
          "refers to itself, or through more than " + MAX_DEPTH + " others, by %(...)s",
          "write the value itself");
    }
    Matcher reference = REFERENCE.matcher(text);
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '%' && text.startsWith("%", at + 1)) {
        resolved.append('%');
        at += 2;
      } else if (c == '%' && reference.region(at, text.length()).lookingAt()) {
        resolve(referred(reference.group(1)), resolved, depth + 1);
        at = reference.end();
      } else {
        resolved.append(c);
        at++;
      }
    }
  }

  private String referred(String name) throws BadValueException {
    return values
        .apply(name.toLowerCase(Locale.ROOT))
        .orElseThrow(
            () ->
                new BadValueException(
                    "refers by %(...)s to a key that is neither in its section nor in [DEFAULT]",
                    "write %% for a percent sign that is meant as one"));
  }
}
