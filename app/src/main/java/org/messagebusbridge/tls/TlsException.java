package org.messagebusbridge.tls;

/**
 * The files of a TLS client are not usable. The message is one sentence for an operator that names
 * the key, the file, what is wrong with it and what to do; it holds nothing of a private key.
 */
public final class TlsException extends Exception {
  private static final long serialVersionUID = 1L;

  TlsException(String sentence) {
    super(sentence);
  }

  TlsException(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /** What is wrong and what to do: the message, never null. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
