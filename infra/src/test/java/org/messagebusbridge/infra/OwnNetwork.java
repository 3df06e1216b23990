package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.messagebusbridge.infra.OwnServices.tag;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Asks EC2 for the network, and for what instances are made of. */
record OwnNetwork(OwnServices services) {
  private static final String VERSION = "2016-11-15";

  void check(String type, String id, JsonNode wanted) {
    switch (type) {
      case "AWS::EC2::VPC" ->
          assertThat(ec2("DescribeVpcs", "VpcId.1", id))
              .contains(tag("vpcId", id), tag("cidrBlock", wanted.get("CidrBlock").asText()));
      case "AWS::EC2::Subnet" ->
          assertThat(ec2("DescribeSubnets", "SubnetId.1", id))
              .contains(tag("subnetId", id), tag("cidrBlock", wanted.get("CidrBlock").asText()))
              .contains(tag("vpcId", services.referred(wanted.get("VpcId"))))
              .contains(tag("mapPublicIpOnLaunch", "false"));
      case "AWS::EC2::RouteTable" ->
          assertThat(ec2("DescribeRouteTables", "RouteTableId.1", id))
              .contains(
                  tag("routeTableId", id), tag("vpcId", services.referred(wanted.get("VpcId"))));
      case "AWS::EC2::SubnetRouteTableAssociation" ->
          assertThat(
                  ec2(
                      "DescribeRouteTables",
                      "RouteTableId.1",
                      services.referred(wanted.get("RouteTableId"))))
              .contains(tag("routeTableAssociationId", id))
              .contains(tag("subnetId", services.referred(wanted.get("SubnetId"))));
      case "AWS::EC2::Route" ->
          assertThat(
                  ec2(
                      "DescribeRouteTables",
                      "RouteTableId.1",
                      services.referred(wanted.get("RouteTableId"))))
              .contains(tag("destinationCidrBlock", "0.0.0.0/0"))
              .contains(tag("gatewayId", services.referred(wanted.get("GatewayId"))));
      case "AWS::EC2::InternetGateway" ->
          assertThat(ec2("DescribeInternetGateways", "InternetGatewayId.1", id))
              .contains(tag("internetGatewayId", id));
      case "AWS::EC2::VPCGatewayAttachment" ->
          assertThat(
                  ec2(
                      "DescribeInternetGateways",
                      "InternetGatewayId.1",
                      services.referred(wanted.get("InternetGatewayId"))))
              .contains(tag("vpcId", services.referred(wanted.get("VpcId"))));
      case "AWS::EC2::VPCEndpoint" ->
          assertThat(ec2("DescribeVpcEndpoints", "VpcEndpointId.1", id))
              .contains(
                  tag("vpcEndpointId", id), tag("vpcId", services.referred(wanted.get("VpcId"))))
              .containsPattern("<serviceName>com\\.amazonaws\\.eu-central-1\\.\\S+</serviceName>");
      case "AWS::EC2::SecurityGroup" ->
          assertThat(ec2("DescribeSecurityGroups", "GroupId.1", id))
              .contains(tag("groupId", id))
              .contains(tag("groupDescription", wanted.get("GroupDescription").asText()));
      case "AWS::EC2::LaunchTemplate" ->
          assertThat(ec2("DescribeLaunchTemplateVersions", "LaunchTemplateId", id))
              .contains(tag("launchTemplateId", id))
              .contains(tag("instanceType", "t4g.small"));
      default -> throw new AssertionError("nobody asks EC2 for " + type);
    }
  }

  private String ec2(String action, String filter, String id) {
    return services.query("ec2:" + action, VERSION, Map.of(filter, id));
  }
}
