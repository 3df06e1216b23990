package org.messagebusbridge.infra;

import software.amazon.awscdk.RemovalPolicy;

/** What of images and logs outlives its stack: all of it, or nothing. */
final class Removal {
  private Removal() {}

  /** A protected stack's are kept, and {@code ./mbb teardown} names them. */
  static RemovalPolicy of(Options options) {
    return options.isProtected() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
  }
}
