package org.messagebusbridge.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** Hosts as they are written in the configuration. */
public final class HostNames {
  /** With underscores, which no Internet host has (RFC 952) but containers do. */
  private static final String LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?";

  /**
   * A name, which a dot may end (RFC 1034, section 3.1), or an IPv4 address, or an IPv6 address in
   * brackets (RFC 3986, section 3.2.2).
   */
  public static final String IN_URL =
      "(?:" + LABEL + "(?:\\." + LABEL + ")*\\.?|\\[[0-9A-Fa-f:.]+])";

  private static final Pattern NAME = Pattern.compile(IN_URL);
  private static final Pattern IPV6 =
      Pattern.compile("\\[?([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)]?");

  private HostNames() {}

  /** A host without scheme or port; brackets around an IPv6 address are taken off. */
  public static Type<String> host(String portKey) {
    return new Type<>(
        "a host name or address alone",
        text -> {
          var ipv6 = IPV6.matcher(text);
          if (ipv6.matches()) {
            return ipv6.group(1);
          }
          if (text.contains("://")) {
            throw new BadValueException(
                "has a scheme", "write the host alone, without scheme and port");
          }
          if (text.contains(":")) {
            throw new BadValueException(
                "has a port", "write the host alone; the port goes to " + portKey);
          }
          if (!NAME.matcher(text).matches()) {
            throw new BadValueException("is not a host name");
          }
          return text;
        });
  }

  /** Whether what is sent to the host stays on this machine. */
  public static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$|\\.$", "");
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("::1")
        || name.startsWith("127.");
  }
}
