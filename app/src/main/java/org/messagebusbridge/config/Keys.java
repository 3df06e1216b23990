package org.messagebusbridge.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All keys of the configuration. */
public final class Keys {
  /** Section by section, in the order of the template. */
  public static final List<Key<?>> ALL =
      Stream.<List<Key<?>>>of(WebSocketKeys.ALL, BrokerKeys.ALL, CloudWatchKeys.ALL, BridgeKeys.ALL)
          .<Key<?>>flatMap(List::stream)
          .toList();

  private Keys() {}

  /** The keys of one section, in the order of the template. */
  public static List<Key<?>> of(Section section) {
    return ALL.stream().filter(key -> key.section() == section).toList();
  }

  /** The key of that section and name (in lower case), if there is one. */
  public static Optional<Key<?>> find(Section section, String name) {
    return find(of(section), name);
  }

  /** The key of that name (in lower case) in any section, if there is one. */
  static Optional<Key<?>> find(String name) {
    return find(ALL, name);
  }

  private static Optional<Key<?>> find(List<Key<?>> keys, String name) {
    for (Key<?> key : keys) {
      if (key.name().equals(name)) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }
}
