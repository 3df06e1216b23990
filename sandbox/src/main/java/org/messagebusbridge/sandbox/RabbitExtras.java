package org.messagebusbridge.sandbox;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a {@link RabbitNode} has beyond the plain broker.
 *
 * @param plugins names as {@code rabbitmq-plugins list} shows them
 * @param configLines of {@code rabbitmq.conf}, after those of the sandbox. The ports of plugins are
 *     the caller's to choose ({@link FreePorts}) and to keep on loopback: {@code management.tcp.ip
 *     = 127.0.0.1}
 */
public record RabbitExtras(List<String> plugins, List<String> configLines) {

  public static final RabbitExtras NONE = new RabbitExtras(List.of(), List.of());

  public RabbitExtras {
    plugins = List.copyOf(plugins);
    configLines = List.copyOf(configLines);
  }

  public RabbitExtras withPlugin(String plugin) {
    return new RabbitExtras(plus(plugins, plugin), configLines);
  }

  public RabbitExtras withConfig(String line) {
    return new RabbitExtras(plugins, plus(configLines, line));
  }

  private static List<String> plus(List<String> list, String last) {
    return Stream.concat(list.stream(), Stream.of(last)).toList();
  }
}
