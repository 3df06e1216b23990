package org.messagebusbridge.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.config.IniFile.IniOption;

/** An INI file in the form of the Python service's. */
final class IniSource implements ValueSource {
  private static final int MAX_BYTES = 1 << 20;

  private final Path path;
  private final IniFile file;
  private final Map<Key<?>, SourcedValue> values = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private IniSource(Path path, IniFile file) {
    this.path = path;
    this.file = file;
    problems.addAll(file.problems());
    for (Key<?> key : Keys.ALL) {
      key.names().stream()
          .flatMap(name -> file.option(key.section().title(), name).stream())
          .findFirst()
          .ifPresent(option -> take(key, option));
    }
  }

  /**
   * Reads a file.
   *
   * @throws ConfigurationException when there is no file, when it cannot be read, or is no INI file
   *     at all
   */
  static IniSource read(Path path) throws ConfigurationException {
    IniSource source = of(path, text(path));
    if (source.file.sections().isEmpty() && source.file.defaults().isEmpty()) {
      throw failure(
          path
              + " has no section; it has to have [ws_api] and [aws_mq] at least (see ./mbb config"
              + " --template).");
    }
    return source;
  }

  /**
   * Reads the text of a file.
   *
   * @param path the file's name, for errors
   */
  static IniSource of(Path path, String text) {
    return new IniSource(path, IniParser.parse(path, text));
  }

  private void take(Key<?> key, IniOption option) {
    Origin origin = Origin.line(path, option.line());
    Interpolation interpolation =
        new Interpolation(name -> file.option(key.section().title(), name).map(IniOption::value));
    try {
      values.put(key, new SourcedValue(interpolation.resolve(option.value()), origin));
    } catch (BadValueException e) {
      problems.add(Problem.of(key, origin, "the value " + e.predicate(key.type())));
    }
  }

  @Override
  public Optional<SourcedValue> find(Key<?> key) {
    return Optional.ofNullable(values.get(key));
  }

  @Override
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  @Override
  public List<Problem> warnings() {
    List<Problem> warnings = new ArrayList<>();
    file.sections()
        .forEach(
            (name, ini) -> {
              Optional<Section> section = Keys.section(name);
              if (section.isEmpty()) {
                warnings.add(warning(ini.line(), Suggestions.unknownSection(name)));
                return;
              }
              ini.options()
                  .forEach(
                      (key, option) -> {
                        if (section.get().find(key).isEmpty()) {
                          warnings.add(
                              warning(option.line(), Suggestions.unknownKey(section.get(), key)));
                        }
                      });
            });
    return warnings;
  }

  private Problem warning(int line, String sentence) {
    return new Problem(Origin.line(path, line).text(), sentence);
  }

  private static String text(Path path) throws ConfigurationException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw failure(missing(path));
    } catch (AccessDeniedException e) {
      throw failure(path + " may not be read by this user; change its owner or permissions.");
    } catch (IOException e) {
      throw failure(
          Files.isDirectory(path)
              ? path + " is a directory; name the INI file in it with -c."
              : path + " cannot be read (" + e.getMessage() + ").");
    }
    if (bytes.length > MAX_BYTES) {
      throw failure(
          path + " is larger than 1 MiB, so it is not a configuration; name another with -c.");
    }
    return decode(path, bytes);
  }

  private static String missing(Path path) {
    return path.equals(ConfigurationLoader.DEFAULT_FILE)
        ? "There is no "
            + path
            + " in this directory; make one with ./mbb config --template > "
            + path
            + ", or name another with -c."
        : "There is no file " + path + "; name another with -c.";
  }

  private static String decode(Path path, byte[] bytes) throws ConfigurationException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer chars = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
    String text = chars.flip().toString();
    if (result.isError()) {
      int line = PythonText.lines(text).size();
      throw failure(
          "Line " + line + " of " + path + " is not UTF-8; save the file in that encoding.");
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static ConfigurationException failure(String sentence) {
    return new ConfigurationException(List.of(new Problem("", sentence)), List.of());
  }
}
