package org.messagebusbridge.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.config.IniFile.IniOption;
import org.messagebusbridge.config.IniFile.IniSection;

/**
 * Reads an INI file the way Python's {@code configparser.ConfigParser()} does with its defaults,
 * but goes on after an error to find them all. Values are not interpolated yet. Confined to one
 * thread.
 */
final class IniParser {
  private static final String DEFAULT = "DEFAULT";
  private static final Pattern HEADER = Pattern.compile("\\[(.+)]", Pattern.DOTALL);
  private static final Pattern DELIMITER = Pattern.compile("[=:]");

  private final Path path;
  private final Map<String, IniSection> sections = new LinkedHashMap<>();
  private final Map<String, IniOption> defaults = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private @Nullable Map<String, IniOption> section;
  private String sectionName = "";
  private String optionName = "";
  private int optionLine;
  private final List<String> valueLines = new ArrayList<>();
  private int indent;
  private boolean saidThatNoSectionIsOpen;

  private IniParser(Path path) {
    this.path = path;
  }

  /**
   * Parses the text of a file.
   *
   * @param path the file's name, for errors
   */
  static IniFile parse(Path path, String text) {
    return new IniParser(path).parse(PythonText.lines(text));
  }

  private IniFile parse(List<String> lines) {
    int number = 0;
    for (String line : lines) {
      number++;
      String value = PythonText.strip(line);
      if (value.startsWith("#") || value.startsWith(";")) {
        continue;
      }
      if (value.isEmpty()) {
        valueLines.add("");
        continue;
      }
      int lineIndent = PythonText.indent(line);
      if (!optionName.isEmpty() && lineIndent > indent) {
        valueLines.add(value);
        continue;
      }
      finishOption();
      indent = lineIndent;
      Matcher header = HEADER.matcher(value);
      if (header.lookingAt()) {
        openSection(header.group(1), number);
      } else {
        openOption(value, number);
      }
    }
    finishOption();
    return new IniFile(sections, defaults, List.copyOf(problems));
  }

  private void openSection(String name, int line) {
    sectionName = name;
    if (name.equals(DEFAULT)) {
      section = defaults;
      return;
    }
    IniSection before = sections.get(name);
    if (before != null) {
      problem(
          line,
          "section [" + name + "] was begun before, in line " + before.line() + "; join the two.");
      section = before.options();
      return;
    }
    IniSection opened = new IniSection(line);
    sections.put(name, opened);
    section = opened.options();
  }

  private void openOption(String text, int line) {
    if (section == null) {
      if (!saidThatNoSectionIsOpen) {
        problem(
            line,
            "a line before the first section; write [ws_api], [aws_mq], [aws_cloudwatch] or"
                + " [bridge] above it.");
        saidThatNoSectionIsOpen = true;
      }
      return;
    }
    Matcher delimiter = DELIMITER.matcher(text);
    if (!delimiter.find()) {
      problem(line, "a key without a value; write key=value, or a # first for a comment.");
      return;
    }
    String name =
        PythonText.stripEnd(text.substring(0, delimiter.start())).toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      problem(line, "a value without a key; write key=value.");
      return;
    }
    optionName = name;
    optionLine = line;
    valueLines.clear();
    valueLines.add(PythonText.strip(text.substring(delimiter.end())));
  }

  /** Joins the lines of the option that was open, if any, and keeps it. */
  private void finishOption() {
    if (!optionName.isEmpty() && section != null) {
      IniOption option =
          new IniOption(optionLine, PythonText.stripEnd(String.join("\n", valueLines)));
      IniOption before = section.putIfAbsent(optionName, option);
      if (before != null) {
        problem(
            optionLine,
            "key "
                + optionName
                + " of ["
                + sectionName
                + "] was set before, in line "
                + before.line()
                + "; remove one of the two.");
      }
    }
    optionName = "";
    valueLines.clear();
  }

  private void problem(int line, String sentence) {
    problems.add(new Problem(Origin.line(path, line).text(), sentence));
  }
}
