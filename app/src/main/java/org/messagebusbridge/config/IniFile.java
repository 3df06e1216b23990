package org.messagebusbridge.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an INI file holds.
 *
 * @param sections its sections but {@code [DEFAULT]}, each with its own options
 * @param defaults the options of {@code [DEFAULT]}, which every section has too
 * @param problems what could not be read
 */
record IniFile(
    Map<String, IniSection> sections, Map<String, IniOption> defaults, List<Problem> problems) {

  /** A section: the line of its header, and its options by their names in lower case. */
  record IniSection(int line, Map<String, IniOption> options) {
    IniSection(int line) {
      this(line, new LinkedHashMap<>());
    }
  }

  /** An option: the line it begins on, and its value before interpolation. */
  record IniOption(int line, String value) {
    @Override
    public String toString() {
      return Secret.MASK + " (line " + line + ")";
    }
  }

  /** An option as a section sees it: its own, or that of {@code [DEFAULT]}. */
  Optional<IniOption> option(String section, String name) {
    IniSection own = sections.get(section);
    IniOption option = own == null ? null : own.options().get(name);
    return Optional.ofNullable(option == null ? defaults.get(name) : option);
  }
}
