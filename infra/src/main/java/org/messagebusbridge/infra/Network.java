package org.messagebusbridge.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.messagebusbridge.infra.Options.ExistingVpc;
import org.messagebusbridge.infra.Options.NetworkChoice;
import org.messagebusbridge.infra.Options.Runner;
import software.amazon.awscdk.Acknowledgment;
import software.amazon.awscdk.Validations;
import software.amazon.awscdk.services.ec2.FlowLogDestination;
import software.amazon.awscdk.services.ec2.FlowLogOptions;
import software.amazon.awscdk.services.ec2.FlowLogTrafficType;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.constructs.Construct;

/**
 * Where everything stands: subnets in two zones, private unless the environment is for trials.
 * Nothing in them can be reached from outside.
 */
final class Network extends Construct {
  private static final int HTTPS = 443;

  private final NetworkChoice choice;
  private final IVpc vpc;
  private final SubnetSelection subnets;
  private final Optional<SecurityGroup> endpoints;

  Network(Construct scope, String id, Options options) {
    super(scope, id);
    choice = options.network();
    vpc = choice.existing().isPresent() ? given(choice.existing().get()) : ownVpc(options);
    subnets = SubnetSelection.builder().subnetType(kind()).build();
    endpoints = choice.endpoints() ? Optional.of(addEndpoints(options)) : Optional.empty();
  }

  private SubnetType kind() {
    if (choice.inPublic()) {
      return SubnetType.PUBLIC;
    }
    return choice.existing().isEmpty() && choice.natGateways() == 0
        ? SubnetType.PRIVATE_ISOLATED
        : SubnetType.PRIVATE_WITH_EGRESS;
  }

  /** By its attributes, not by a look-up: the template needs no account to be made. */
  private IVpc given(ExistingVpc given) {
    VpcAttributes.Builder attributes =
        VpcAttributes.builder()
            .vpcId(given.id())
            .privateSubnetIds(given.subnets())
            // Nothing of the stack asks for their names.
            .availabilityZones(given.subnets().stream().map(subnet -> "of " + subnet).toList());
    if (!given.routeTables().isEmpty()) {
      // One for each subnet, whichever: S3's endpoint takes each table once.
      int tables = given.routeTables().size();
      attributes.privateSubnetRouteTableIds(
          IntStream.range(0, given.subnets().size())
              .mapToObj(i -> given.routeTables().get(Math.min(i, tables - 1)))
              .toList());
    }
    IVpc existing = Vpc.fromVpcAttributes(this, "Vpc", attributes.build());
    Validations.of(existing)
        .acknowledge(
            Acknowledgment.builder()
                .id("@aws-cdk/aws-ec2:noSubnetRouteTableId")
                .reason("The stack adds no route to a VPC that was there before.")
                .build());
    if (!given.routeTables().isEmpty()) {
      s3(existing);
    }
    return existing;
  }

  private Vpc ownVpc(Options options) {
    Vpc own =
        Vpc.Builder.create(this, "Vpc")
            .ipAddresses(IpAddresses.cidr(choice.cidr()))
            .maxAzs(2)
            .natGateways(choice.natGateways())
            .restrictDefaultSecurityGroup(true)
            .subnetConfiguration(subnetsOf(choice))
            .build();
    own.addFlowLog(
        "Rejected",
        FlowLogOptions.builder()
            .destination(
                FlowLogDestination.toCloudWatchLogs(
                    Logs.group(
                        this,
                        "FlowLogs",
                        "/messagebusbridge/" + options.stackName() + "/flows",
                        options)))
            .trafficType(FlowLogTrafficType.REJECT)
            .build());
    s3(own);
    return own;
  }

  private static List<SubnetConfiguration> subnetsOf(NetworkChoice choice) {
    if (choice.inPublic()) {
      return List.of(subnet("public", SubnetType.PUBLIC));
    }
    return choice.natGateways() == 0
        ? List.of(subnet("private", SubnetType.PRIVATE_ISOLATED))
        : List.of(
            subnet("public", SubnetType.PUBLIC), subnet("private", SubnetType.PRIVATE_WITH_EGRESS));
  }

  private static SubnetConfiguration subnet(String name, SubnetType type) {
    return SubnetConfiguration.builder()
        .name(name)
        .subnetType(type)
        // What lives in public subnets asks for an address when it needs one.
        .mapPublicIpOnLaunch(type == SubnetType.PUBLIC ? Boolean.FALSE : null)
        .build();
  }

  /** Images come from there; it costs nothing. */
  private static void s3(IVpc vpc) {
    vpc.addGatewayEndpoint(
        "S3", GatewayVpcEndpointOptions.builder().service(GatewayVpcEndpointAwsService.S3).build());
  }

  private static Map<String, InterfaceVpcEndpointAwsService> services(Options options) {
    Map<String, InterfaceVpcEndpointAwsService> services =
        new TreeMap<>(
            Map.of(
                "Ssm", InterfaceVpcEndpointAwsService.SSM,
                "SecretsManager", InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
                "Logs", InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
                "Metrics", InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
                "Ecr", InterfaceVpcEndpointAwsService.ECR,
                "EcrDocker", InterfaceVpcEndpointAwsService.ECR_DOCKER));
    if (options.images().collector().isPresent()) {
      services.put("Traces", InterfaceVpcEndpointAwsService.XRAY);
    }
    if (options.runner() == Runner.EC2) {
      // Session Manager, and the signal of a new instance that it is ready.
      services.put("SsmMessages", InterfaceVpcEndpointAwsService.SSM_MESSAGES);
      services.put("CloudFormation", InterfaceVpcEndpointAwsService.CLOUDFORMATION);
    }
    return services;
  }

  private SecurityGroup addEndpoints(Options options) {
    SecurityGroup group = group(this, "Endpoints", "AWS services, for those that the stack admits");
    services(options)
        .forEach(
            (id, service) ->
                vpc.addInterfaceEndpoint(
                    id,
                    InterfaceVpcEndpointOptions.builder()
                        .service(service)
                        .subnets(subnets)
                        .securityGroups(List.of(group))
                        .open(false)
                        .build()));
    return group;
  }

  /** A group that lets nothing in and nothing out, yet. */
  SecurityGroup group(Construct scope, String id, String description) {
    return SecurityGroup.Builder.create(scope, id)
        .vpc(vpc)
        .description(description)
        .allowAllOutbound(false)
        .build();
  }

  /** Lets that group's members reach AWS's services, and other services by HTTPS. */
  void allowHttpsFrom(ISecurityGroup client) {
    allowOut(client, HTTPS, "HTTPS to AWS and the WebSocket service");
    endpoints.ifPresent(
        group -> group.getConnections().allowFrom(client, Port.tcp(HTTPS), "HTTPS to AWS"));
  }

  /** Lets that group's members connect to that port of what the options name. */
  void allowOut(ISecurityGroup client, int port, String what) {
    choice.egress().forEach(block -> client.addEgressRule(Peer.ipv4(block), Port.tcp(port), what));
  }

  IVpc vpc() {
    return vpc;
  }

  /** Those that the broker and the bridge are in. */
  SubnetSelection subnets() {
    return subnets;
  }

  /** Whether what runs there needs an address of its own to reach anything. */
  boolean inPublic() {
    return choice.inPublic();
  }
}
