package org.messagebusbridge.config;

import java.util.List;
import java.util.Optional;

/** All sections and keys of the configuration. */
public final class Keys {
  /** In the order of the template. */
  public static final List<Section> SECTIONS =
      List.of(
          WebSocketKeys.SECTION, BrokerKeys.SECTION, CloudWatchKeys.SECTION, BridgeKeys.SECTION);

  /** Section by section, in the order of the template. */
  public static final List<Key<?>> ALL =
      SECTIONS.stream().<Key<?>>flatMap(section -> section.keys().stream()).toList();

  private Keys() {}

  /** The section of that exact name. */
  public static Optional<Section> section(String title) {
    return SECTIONS.stream().filter(section -> section.title().equals(title)).findFirst();
  }

  /** The key of that name (in lower case) in any section, if there is one. */
  static Optional<Key<?>> find(String name) {
    return ALL.stream().filter(key -> key.names().contains(name)).findFirst();
  }
}
