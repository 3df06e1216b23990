package org.messagebusbridge.config;

import java.util.Locale;

/** An INI file with every key, to be filled in. */
public final class ConfigurationTemplate {
  private static final int WIDTH = 96;

  private static final String HEAD =
      """
      The configuration of MessageBusBridge. Every key is here; those with a # in front are \
      optional, and show their default, or an example where they have none. A value ends with its \
      line: what looks like a comment after it belongs to it. Write %% for a percent sign in a \
      value. An environment variable goes before this file: MBB_<SECTION>_<KEY>, for instance \
      MBB_AWS_MQ_MQ_PASSWORD.\
      """;

  private ConfigurationTemplate() {}

  /** The file's text: what is required is set to an example, all else is commented out. */
  public static String text() {
    StringBuilder text = new StringBuilder();
    comment(text, HEAD);
    for (Section section : Keys.SECTIONS) {
      text.append('\n');
      comment(text, capitalized(section.about()));
      text.append('[').append(section).append("]\n");
      section.keys().forEach(key -> append(text, key));
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Key<?> key) {
    text.append('\n');
    comment(text, key.description() + ".");
    String value = "Value: " + key.type().form();
    if (key.required()) {
      comment(text, value + " (" + key.unset() + ")");
    } else {
      String label = key.standard().isPresent() ? "Default: " : "When not set: ";
      comment(text, value + ". " + label + key.unset());
      text.append('#');
    }
    text.append(key.name()).append('=').append(key.example().replace("%", "%%")).append('\n');
  }

  private static void comment(StringBuilder text, String words) {
    int column = 1;
    text.append('#');
    for (String word : words.split(" ", -1)) {
      if (column + 1 + word.length() > WIDTH) {
        text.append("\n#");
        column = 1;
      }
      text.append(' ').append(word);
      column += 1 + word.length();
    }
    text.append('\n');
  }

  private static String capitalized(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
