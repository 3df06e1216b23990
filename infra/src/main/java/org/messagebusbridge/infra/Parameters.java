package org.messagebusbridge.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.ssm.StringParameter;
import software.constructs.Construct;

/**
 * The bridge's configuration in Parameter Store, as its option {@code -s} reads it. Secrets are not
 * in it, only the ARNs of those that hold them: CloudFormation cannot make a SecureString.
 */
final class Parameters extends Construct {
  /** Where the bridge looks. */
  static final String ROOT = "/mq2wsbridge";

  /**
   * @param values by section and key, such as {@code aws_mq/mq_host}
   */
  Parameters(Construct scope, String id, Map<String, String> values) {
    super(scope, id);
    values.forEach(
        (name, value) ->
            StringParameter.Builder.create(this, name.replace('/', '.'))
                .parameterName(ROOT + "/" + name)
                .stringValue(value)
                .build());
  }

  /**
   * By path: the right to a path is the right to all below it (Systems Manager API reference,
   * GetParametersByPath). And one by one, by which the bridge finds the one that it cannot decrypt.
   */
  void grantRead(IGrantable who) {
    String path =
        Stack.of(this)
            .formatArn(
                ArnComponents.builder()
                    .service("ssm")
                    .resource("parameter")
                    .resourceName(ROOT.substring(1))
                    .arnFormat(ArnFormat.SLASH_RESOURCE_NAME)
                    .build());
    who.getGrantPrincipal()
        .addToPrincipalPolicy(
            PolicyStatement.Builder.create()
                .sid("ReadConfiguration")
                .actions(List.of("ssm:GetParametersByPath"))
                .resources(List.of(path))
                .build());
    who.getGrantPrincipal()
        .addToPrincipalPolicy(
            PolicyStatement.Builder.create()
                .sid("FindParameter")
                .actions(List.of("ssm:GetParameter"))
                .resources(List.of(path + "/*"))
                .build());
  }
}
