package org.messagebusbridge.infra;

import java.util.List;
import java.util.Optional;
import org.messagebusbridge.infra.Options.Account;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.kms.Key;
import software.constructs.Construct;

/** The customer's own keys of KMS, which parameters and secrets are encrypted with. */
final class Keys extends Construct {
  private final List<String> arns;
  private final Optional<IKey> first;

  Keys(Construct scope, String id, Account account) {
    super(scope, id);
    arns = account.kmsKeys();
    first = arns.stream().findFirst().map(arn -> Key.fromKeyArn(this, "First", arn));
  }

  /** What the stack's own secrets are encrypted with; empty: the account's default. */
  Optional<IKey> first() {
    return first;
  }

  /** Decryption with exactly these; their own policies have to admit this account's. */
  void grantDecrypt(IGrantable who) {
    if (!arns.isEmpty()) {
      who.getGrantPrincipal()
          .addToPrincipalPolicy(
              PolicyStatement.Builder.create()
                  .sid("Decrypt")
                  .actions(List.of("kms:Decrypt"))
                  .resources(arns)
                  .build());
    }
  }

  /** Encryption with the first, for who changes a secret. */
  void grantEncrypt(IGrantable who) {
    arns.stream()
        .findFirst()
        .ifPresent(
            arn ->
                who.getGrantPrincipal()
                    .addToPrincipalPolicy(
                        PolicyStatement.Builder.create()
                            .sid("Encrypt")
                            .actions(List.of("kms:GenerateDataKey"))
                            .resources(List.of(arn))
                            .build()));
  }
}
