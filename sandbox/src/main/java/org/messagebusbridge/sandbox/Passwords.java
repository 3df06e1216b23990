package org.messagebusbridge.sandbox;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords for brokers that live for a moment. */
final class Passwords {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Passwords() {}

  /** 32 hexadecimal digits: safe unquoted in JSON, in a shell and in a URI. */
  static String random() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
