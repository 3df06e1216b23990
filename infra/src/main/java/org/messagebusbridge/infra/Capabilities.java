package org.messagebusbridge.infra;

import java.util.List;
import org.messagebusbridge.infra.Options.Fleet;
import software.amazon.awscdk.services.ec2.SecurityGroup;

/**
 * What a runner is given: all that the bridge needs, whatever it runs on.
 *
 * @param securityGroup which the broker lets in
 * @param arguments of the bridge's command line
 */
record Capabilities(
    Network network,
    Logs logs,
    BridgeMetrics metrics,
    BridgeRole role,
    Image image,
    SecurityGroup securityGroup,
    Fleet fleet,
    List<String> arguments) {}
