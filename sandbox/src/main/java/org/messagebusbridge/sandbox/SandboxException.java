package org.messagebusbridge.sandbox;

/** A part of the sandbox did not do what it was asked. The message is one sentence for a person. */
public final class SandboxException extends RuntimeException {

  /**
   * @param message what happened, where, and what to do about it
   */
  public SandboxException(String message) {
    super(message);
  }

  /**
   * @param message what happened, where, and what to do about it
   * @param cause what was thrown
   */
  public SandboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
