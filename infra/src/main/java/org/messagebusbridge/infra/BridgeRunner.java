package org.messagebusbridge.infra;

import software.constructs.IConstruct;

/** What runs the bridge: {@link FargateRunner} or {@link Ec2Runner}. */
interface BridgeRunner {
  /** The service or the group itself, without what stands beside it. */
  IConstruct resource();
}
