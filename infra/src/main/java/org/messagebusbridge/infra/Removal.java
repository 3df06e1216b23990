package org.messagebusbridge.infra;

import software.amazon.awscdk.RemovalPolicy;

/** What of images and logs outlives its stack: all of it, or nothing. */
final class Removal {
  private Removal() {}

  /**
   * A protected stack's are kept, and {@code ./mbb teardown} names them; but not those of a stack
   * that could not be made, which would be in the way of the next try.
   */
  static RemovalPolicy of(Options options) {
    return options.isProtected() ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
  }
}
