package org.messagebusbridge.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.messagebusbridge.infra.Options.ExistingVpc;
import org.messagebusbridge.infra.Options.NetworkChoice;
import org.messagebusbridge.infra.Options.Runner;
import software.amazon.awscdk.Acknowledgment;
import software.amazon.awscdk.RemovalPolicy;
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
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;
import software.constructs.IDependable;

/**
 * Where everything stands: private subnets in two zones that reach the WebSocket service by NAT.
 * Nothing in them can be reached from outside.
 */
final class Network extends Construct {
  private final IVpc vpc;
  private final SubnetSelection subnets;
  private final Optional<SecurityGroup> endpoints;
  private final List<IDependable> ways = new ArrayList<>();

  Network(Construct scope, String id, NetworkChoice choice, Runner runner) {
    super(scope, id);
    vpc = choice.existing().isPresent() ? given(choice.existing().get()) : ownVpc(choice);
    subnets =
        SubnetSelection.builder()
            .subnetType(
                choice.existing().isEmpty() && choice.natGateways() == 0
                    ? SubnetType.PRIVATE_ISOLATED
                    : SubnetType.PRIVATE_WITH_EGRESS)
            .build();
    ways.add(vpc.selectSubnets(subnets).getInternetConnectivityEstablished());
    endpoints = choice.endpoints() ? Optional.of(addEndpoints(runner)) : Optional.empty();
  }

  /** By its attributes, not by a look-up: the template needs no account to be made. */
  private IVpc given(ExistingVpc given) {
    IVpc existing =
        Vpc.fromVpcAttributes(
            this,
            "Vpc",
            VpcAttributes.builder()
                .vpcId(given.id())
                .privateSubnetIds(given.subnets())
                // Nothing of the stack asks for their names.
                .availabilityZones(given.subnets().stream().map(subnet -> "of " + subnet).toList())
                .build());
    Validations.of(existing)
        .acknowledge(
            Acknowledgment.builder()
                .id("@aws-cdk/aws-ec2:noSubnetRouteTableId")
                .reason("The stack adds no route to a VPC that was there before.")
                .build());
    return existing;
  }

  private Vpc ownVpc(NetworkChoice choice) {
    Vpc own =
        Vpc.Builder.create(this, "Vpc")
            .maxAzs(2)
            .natGateways(choice.natGateways())
            .restrictDefaultSecurityGroup(false)
            .subnetConfiguration(
                choice.natGateways() == 0
                    ? List.of(subnet("private", SubnetType.PRIVATE_ISOLATED))
                    : List.of(
                        subnet("public", SubnetType.PUBLIC),
                        subnet("private", SubnetType.PRIVATE_WITH_EGRESS)))
            .build();
    LogGroup flows =
        LogGroup.Builder.create(this, "FlowLogs")
            .retention(RetentionDays.ONE_MONTH)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    own.addFlowLog(
        "Rejected",
        FlowLogOptions.builder()
            .destination(FlowLogDestination.toCloudWatchLogs(flows))
            .trafficType(FlowLogTrafficType.REJECT)
            .build());
    // Images come from there; it costs nothing.
    own.addGatewayEndpoint(
        "S3", GatewayVpcEndpointOptions.builder().service(GatewayVpcEndpointAwsService.S3).build());
    return own;
  }

  private static SubnetConfiguration subnet(String name, SubnetType type) {
    return SubnetConfiguration.builder()
        .name(name)
        .subnetType(type)
        .cidrMask(24)
        // Instances in public subnets get no address by themselves; only NAT gateways live there.
        .mapPublicIpOnLaunch(type == SubnetType.PUBLIC ? Boolean.FALSE : null)
        .build();
  }

  private static Map<String, InterfaceVpcEndpointAwsService> services(Runner runner) {
    Map<String, InterfaceVpcEndpointAwsService> services =
        new TreeMap<>(
            Map.of(
                "Ssm", InterfaceVpcEndpointAwsService.SSM,
                "SecretsManager", InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
                "Logs", InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
                "Metrics", InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
                "Ecr", InterfaceVpcEndpointAwsService.ECR,
                "EcrDocker", InterfaceVpcEndpointAwsService.ECR_DOCKER));
    if (runner == Runner.EC2) {
      // Session Manager, and the signal of a new instance that it is ready.
      services.put("SsmMessages", InterfaceVpcEndpointAwsService.SSM_MESSAGES);
      services.put("CloudFormation", InterfaceVpcEndpointAwsService.CLOUDFORMATION);
    }
    return services;
  }

  private SecurityGroup addEndpoints(Runner runner) {
    SecurityGroup group =
        SecurityGroup.Builder.create(this, "Endpoints")
            .vpc(vpc)
            .description("AWS services, for those that the stack admits")
            .allowAllOutbound(false)
            .build();
    services(runner)
        .forEach(
            (id, service) ->
                ways.add(
                    vpc.addInterfaceEndpoint(
                        id,
                        InterfaceVpcEndpointOptions.builder()
                            .service(service)
                            .subnets(subnets)
                            .securityGroups(List.of(group))
                            .open(false)
                            .build())));
    return group;
  }

  /** Lets that group's members reach AWS's services by the endpoints, where there are any. */
  void admit(ISecurityGroup client) {
    endpoints.ifPresent(group -> group.addIngressRule(client, Port.tcp(443), "HTTPS"));
  }

  /** What has to be there before anything in the subnets can reach AWS: NAT's routes, endpoints. */
  List<IDependable> ways() {
    return List.copyOf(ways);
  }

  IVpc vpc() {
    return vpc;
  }

  /** Those that the broker and the bridge are in. */
  SubnetSelection subnets() {
    return subnets;
  }
}
