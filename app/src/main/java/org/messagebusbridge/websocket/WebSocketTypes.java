package org.messagebusbridge.websocket;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.messagebusbridge.config.BadValueException;
import org.messagebusbridge.config.HostNames;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.Type;
import org.messagebusbridge.config.Types;

/** The types of section {@code ws_api} that have a form of their own. */
final class WebSocketTypes {
  /** RFC 9110, section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  /** What the handshake sets itself (RFC 6455, section 4.1) or a GET must not have. */
  private static final Set<String> HANDSHAKE =
      Set.of("host", "upgrade", "connection", "content-length", "transfer-encoding");

  private static final Pattern API_HOST =
      Pattern.compile("wss?://(" + HostNames.IN_URL + ")(?::(\\d+))?", Pattern.CASE_INSENSITIVE);
  private static final Pattern PROXY =
      Pattern.compile(
          "http://(?:(.*)@)?(" + HostNames.IN_URL + "):(\\d{1,5})/?", Pattern.CASE_INSENSITIVE);

  private WebSocketTypes() {}

  static Type<String> apiHost() {
    return new Type<>("ws:// or wss://, a host and an optional port", WebSocketTypes::apiHost);
  }

  static Type<String> apiUri() {
    return new Type<>("a path that begins with /, and an optional query", WebSocketTypes::apiUri);
  }

  static Type<List<WebSocketConfig.Header>> headers() {
    return new Type<>("\"Name: value\" pairs separated by |", WebSocketTypes::headers);
  }

  static Type<List<String>> subprotocols() {
    return new Type<>("names separated by commas", WebSocketTypes::subprotocols);
  }

  static Type<Set<Integer>> closeCodes() {
    return new Type<>(
        "close codes from 1000 to 4999 separated by commas, or none", WebSocketTypes::closeCodes);
  }

  private static Set<Integer> closeCodes(String text) throws BadValueException {
    Set<Integer> codes = new TreeSet<>();
    if (text.equalsIgnoreCase("none")) {
      return codes;
    }
    for (String code : text.split(",", -1)) {
      codes.add(Math.toIntExact(Types.number(code.strip(), 1000, 4999)));
    }
    return codes;
  }

  static Type<WebSocketConfig.Proxy> proxy() {
    return new Type<>("http://[user:password@]host:port", WebSocketTypes::proxy);
  }

  private static String apiHost(String text) throws BadValueException {
    String lower = Types.singleLine(text).toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      throw new BadValueException(
          "begins with http", "write ws:// for http:// and wss:// for https://");
    }
    if (!lower.startsWith("ws://") && !lower.startsWith("wss://")) {
      throw new BadValueException("has no scheme ws:// or wss://");
    }
    String rest = text.substring(text.indexOf("://") + 3);
    if (rest.contains("@")) {
      throw new BadValueException(
          "holds a user or password", "write those to client_id and client_secret");
    }
    if (rest.contains("/") || rest.contains("?") || rest.contains("#")) {
      throw new BadValueException(
          "holds a path", "end it after host and port; the path goes to api_uri");
    }
    Matcher matcher = API_HOST.matcher(text);
    if (!matcher.matches() || !isAddressIfInBrackets(matcher.group(1))) {
      throw new BadValueException("does not have a valid host and port");
    }
    if (matcher.group(2) != null) {
      portOf(matcher.group(2));
    }
    return text;
  }

  private static boolean isAddressIfInBrackets(String host) {
    try {
      return !host.startsWith("[") || new URI("ws://" + host).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static int portOf(String digits) throws BadValueException {
    int port = digits.length() > 5 ? 0 : Integer.parseInt(digits);
    if (port < 1 || port > 65535) {
      throw new BadValueException("has a port out of range", "write a port from 1 to 65535");
    }
    return port;
  }

  private static String apiUri(String text) throws BadValueException {
    if (!Types.singleLine(text).startsWith("/")) {
      throw new BadValueException("does not begin with /");
    }
    if (text.contains("#")) {
      throw new BadValueException(
          "holds a fragment (#), which a WebSocket URL must not have", "remove it or write %23");
    }
    try {
      new URI("ws://host" + text);
    } catch (URISyntaxException e) {
      throw new BadValueException(
          "holds a character that a URL must not have", "percent-encode it (a space is %20)");
    }
    if (!text.chars().allMatch(c -> c < 127)) {
      throw new BadValueException(
          "holds a character that is not ASCII", "percent-encode it as UTF-8");
    }
    return text;
  }

  private static List<WebSocketConfig.Header> headers(String text) throws BadValueException {
    List<WebSocketConfig.Header> headers = new ArrayList<>();
    for (String pair : Types.singleLine(text).split("\\|", -1)) {
      int number = headers.size() + 1;
      int colon = pair.indexOf(':');
      if (colon < 0) {
        throw new BadValueException("has no colon in header " + number);
      }
      String name = pair.substring(0, colon).strip();
      String value = pair.substring(colon + 1).strip();
      if (!TOKEN.matcher(name).matches()) {
        throw new BadValueException(
            "has a name in header " + number + " that is not one of letters, digits and hyphens");
      }
      String lower = name.toLowerCase(Locale.ROOT);
      if (HANDSHAKE.contains(lower) || lower.startsWith("sec-websocket-")) {
        throw new BadValueException(
            "sets " + name + ", which belongs to the handshake", "remove that header");
      }
      if (!value.chars().allMatch(c -> c >= ' ' && c < 127)) {
        throw new BadValueException(
            "has a value in header " + number + " that is not ASCII", "write ASCII");
      }
      headers.add(new WebSocketConfig.Header(name, new Secret(value)));
    }
    return headers;
  }

  private static List<String> subprotocols(String text) throws BadValueException {
    List<String> names = new ArrayList<>();
    for (String name : Types.singleLine(text).split(",", -1)) {
      names.add(name.strip());
      if (!TOKEN.matcher(name.strip()).matches()) {
        throw new BadValueException("has a name that is empty or not of letters, digits, . and -");
      }
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw new BadValueException("names one twice", "write each once (RFC 6455, section 4.1)");
    }
    return names;
  }

  private static WebSocketConfig.Proxy proxy(String text) throws BadValueException {
    if (Types.singleLine(text).toLowerCase(Locale.ROOT).startsWith("https://")) {
      throw new BadValueException(
          "is a proxy that is itself reached by TLS, which the bridge does not do",
          "write an http:// one (what goes through it is TLS all the same with wss://)");
    }
    Matcher matcher = PROXY.matcher(text);
    if (!matcher.matches() || !isAddressIfInBrackets(matcher.group(2))) {
      throw new BadValueException("is not the URL of an HTTP proxy");
    }
    int port = portOf(matcher.group(3));
    String userInfo = matcher.group(1);
    if (userInfo == null) {
      return new WebSocketConfig.Proxy(matcher.group(2), port, Optional.empty(), Optional.empty());
    }
    int colon = userInfo.indexOf(':');
    if (colon < 1) {
      throw new BadValueException("has a user without a password, or none");
    }
    return new WebSocketConfig.Proxy(
        matcher.group(2),
        port,
        Optional.of(decoded(userInfo.substring(0, colon))),
        Optional.of(new Secret(decoded(userInfo.substring(colon + 1)))));
  }

  private static String decoded(String text) throws BadValueException {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadValueException(
          "has a % in user or password that is not followed by two hexadecimal digits",
          "write %25 for a %");
    }
  }
}
