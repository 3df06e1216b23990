package org.messagebusbridge.sandbox.faults;

/** How the bridges of a row run. */
public enum BridgeKind {
  /** As a process, as it is shipped. */
  SHIPPED,
  /**
   * The same, with standard output and standard error on a disk that is full: {@code /dev/full}.
   */
  FULL_DISK,
  /** Within this process, with a time of day that can be set. */
  OWN_CLOCK
}
