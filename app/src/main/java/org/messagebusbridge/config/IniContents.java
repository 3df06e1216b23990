package org.messagebusbridge.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an INI file sets, for taking it elsewhere. Unlike a {@link Configuration} it need not be
 * complete, but each value has to be right.
 *
 * @param entries the keys that the file mentions, in the order of the template
 * @param warnings what the file holds beside them
 */
public record IniContents(List<Entry> entries, List<Problem> warnings) {

  /**
   * A key and its value.
   *
   * @param key which one
   * @param value without references to others; may be empty, and may be a secret
   * @param origin its line
   */
  public record Entry(Key<?> key, String value, Origin origin) {
    /** The value as it may be shown. */
    public String shown() {
      return shown(value);
    }

    /** Another value of the key as it may be shown. */
    public String shown(String other) {
      return key.shown(other);
    }

    @Override
    public String toString() {
      return key + " (" + origin + ")";
    }
  }

  /**
   * Reads a file.
   *
   * @throws ConfigurationException with all that is wrong in it
   */
  public static IniContents read(Path file) throws ConfigurationException {
    IniSource source = IniSource.read(file);
    Values values = new Values(List.of(source), new Requirements(true, true, false, false));
    List<Entry> entries = new ArrayList<>();
    for (Key<?> key : Keys.ALL) {
      values.optional(key);
      source
          .find(key)
          .ifPresent(found -> entries.add(new Entry(key, found.text(), found.origin())));
    }
    if (values.failed()) {
      throw new ConfigurationException(values.problems(), values.warnings());
    }
    return new IniContents(List.copyOf(entries), values.warnings());
  }
}
