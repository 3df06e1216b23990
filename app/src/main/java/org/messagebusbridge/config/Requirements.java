package org.messagebusbridge.config;

/**
 * What the configuration has to be complete for. A section that is not read is as if it were empty;
 * its values are neither needed nor checked.
 *
 * @param api whether the section of the API is read
 * @param bridge whether {@code aws_cloudwatch} and {@code bridge} are read
 * @param cloudWatchLogs whether what CloudWatch Logs needs is required
 * @param cloudWatchMetrics whether what CloudWatch metrics need is required
 */
public record Requirements(
    boolean api, boolean bridge, boolean cloudWatchLogs, boolean cloudWatchMetrics) {

  /**
   * For the bridge, by its flags.
   *
   * @param stub {@code -X}: there is no WebSocket
   * @param cloudWatchLogs {@code -l}
   * @param cloudWatchMetrics {@code -m}
   */
  public static Requirements bridge(
      boolean stub, boolean cloudWatchLogs, boolean cloudWatchMetrics) {
    return new Requirements(!stub, true, cloudWatchLogs, cloudWatchMetrics);
  }

  /** For the tester, which talks to the broker alone. */
  public static Requirements tester() {
    return new Requirements(false, false, false, false);
  }
}
