package org.messagebusbridge.infra;

import java.util.List;
import software.amazon.awscdk.services.iam.Role;

/**
 * What a runner is given: all that the bridge needs, whatever it runs on.
 *
 * @param base network, broker and logs
 * @param arguments of the bridge's command line
 */
record Capabilities(
    Options options,
    BaseStack base,
    Parameters parameters,
    BridgeMetrics metrics,
    Role role,
    Image image,
    List<String> arguments) {}
