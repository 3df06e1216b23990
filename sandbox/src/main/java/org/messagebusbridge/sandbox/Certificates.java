package org.messagebusbridge.sandbox;

/** Certificates made on the spot. */
public final class Certificates {
  private Certificates() {}
}
