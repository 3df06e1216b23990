package org.messagebusbridge.tls;

import java.net.SocketException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A failure and all its causes.
 *
 * @param chain outermost first, at least the failure itself; each once, also where they go in a
 *     circle
 */
public record Causes(List<Throwable> chain) {
  private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([A-Za-z_]+)");

  /** The failure and its causes. */
  public static Causes of(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = failure; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    return new Causes(List.copyOf(chain));
  }

  /** The outermost of this type. */
  public <T extends Throwable> Optional<T> first(Class<T> type) {
    return chain.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  /** Whether there is any of this type. */
  public boolean has(Class<? extends Throwable> type) {
    return first(type).isPresent();
  }

  /** The innermost. */
  public Throwable root() {
    return chain.getLast();
  }

  boolean say(Predicate<String> message) {
    return chain.stream().map(Throwable::getMessage).filter(m -> m != null).anyMatch(message);
  }

  boolean haveReason(BasicReason reason, Class<? extends CertificateException> type) {
    return first(type).isPresent()
        || first(CertPathValidatorException.class).filter(e -> e.getReason() == reason).isPresent();
  }

  /** The alert that the peer sent, in the words of RFC 8446, section 6. */
  Optional<String> alert() {
    for (Throwable cause : chain) {
      Matcher matcher = ALERT.matcher(String.valueOf(cause.getMessage()));
      if (matcher.find()) {
        return Optional.of(matcher.group(1).toLowerCase(Locale.ROOT));
      }
    }
    return Optional.empty();
  }

  /**
   * Whether the connection broke while TLS used it. A peer that refuses a client's certificate and
   * closes at once makes that of its own alert, when the reset overtakes it. A connection that
   * never came about is none of it, though its socket is TLS's too.
   */
  boolean cutOff() {
    return first(SocketException.class)
        .filter(cut -> Arrays.stream(cut.getStackTrace()).anyMatch(Causes::isOfTlsInUse))
        .isPresent();
  }

  private static boolean isOfTlsInUse(StackTraceElement frame) {
    return frame.getClassName().startsWith("sun.security.ssl.")
        && !frame.getMethodName().equals("connect");
  }

  /** What the deepest cause says, without the full stop that a sentence brings itself. */
  String innermost() {
    Throwable deepest = root();
    String message = deepest.getMessage();
    return message == null || message.isBlank()
        ? deepest.getClass().getSimpleName()
        : PeerText.line(message).replaceAll("\\.$", "");
  }
}
