package org.messagebusbridge.config;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** All sections and keys of the configuration. */
public final class Keys {
  /** The kinds of buses that there are. */
  static final List<BusModule> MODULES =
      ServiceLoader.load(BusModule.class, BusModule.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  /** Those of the buses and then those of the bridge, which is the order of the template. */
  public static final List<Section> SECTIONS =
      Stream.concat(
              MODULES.stream().flatMap(module -> module.section().stream()),
              Stream.of(CloudWatchKeys.SECTION, BridgeKeys.SECTION))
          .toList();

  /** Section by section, in the order of the template. */
  public static final List<Key<?>> ALL =
      SECTIONS.stream().<Key<?>>flatMap(section -> section.keys().stream()).toList();

  private Keys() {}

  /** The kinds of buses that can be that side and have a key of which this holds. */
  static List<BusModule> named(BusModule.Side side, Predicate<Key<?>> isSet) {
    return modules(side)
        .filter(
            module -> module.section().stream().anyMatch(s -> s.keys().stream().anyMatch(isSet)))
        .toList();
  }

  /** The bus of a side: the one whose section sets a key, and the first one when none does. */
  static BusModule bus(BusModule.Side side, Predicate<Key<?>> isSet) {
    return named(side, isSet).stream()
        .findFirst()
        .orElseGet(() -> modules(side).findFirst().orElseThrow());
  }

  private static Stream<BusModule> modules(BusModule.Side side) {
    return MODULES.stream().filter(module -> module.side() == side);
  }

  /** The section of that exact name. */
  public static Optional<Section> section(String title) {
    return SECTIONS.stream().filter(section -> section.title().equals(title)).findFirst();
  }

  /** The key of that name (in lower case) in any section, if there is one. */
  static Optional<Key<?>> find(String name) {
    return ALL.stream().filter(key -> key.names().contains(name)).findFirst();
  }
}
