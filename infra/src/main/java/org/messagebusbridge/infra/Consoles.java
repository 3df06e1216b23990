package org.messagebusbridge.infra;

/** Where AWS's console shows what a stack made; outputs of the stacks. */
record Consoles(String region, Options options) {
  String board(String name) {
    return at("cloudwatch") + "#dashboards/dashboard/" + name;
  }

  String alarms() {
    return at("cloudwatch") + "#alarmsV2:?search=" + options.stackName();
  }

  /** The console encodes the slashes of a group's name twice, with a dollar sign. */
  String logs() {
    return at("cloudwatch")
        + "#logsV2:log-groups/log-group/$252Fmessagebusbridge$252F"
        + options.stackName();
  }

  /**
   * One broker.
   *
   * @param id b-...
   */
  String broker(String id) {
    return at("amazon-mq") + "#/brokers/details?id=" + id;
  }

  private String at(String service) {
    return "https://" + region + ".console.aws.amazon.com/" + service + "/home?region=" + region;
  }
}
