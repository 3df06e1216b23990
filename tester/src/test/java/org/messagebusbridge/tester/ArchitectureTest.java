package org.messagebusbridge.tester;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.amqp.AmqpConfig;
import org.messagebusbridge.amqp.AmqpFailures;
import org.messagebusbridge.amqp.AmqpKeys;
import org.messagebusbridge.aws.AwsException;
import org.messagebusbridge.aws.AwsSession;
import org.messagebusbridge.aws.ParameterStore;
import org.messagebusbridge.aws.SecretStore;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.observability.LogSetup;
import org.messagebusbridge.observability.Printable;

/**
 * To the tester the bridge is a black box: all it has of it is how a broker is configured, and what
 * its failures are called.
 */
class ArchitectureTest {

  private static final String OURS = "org.messagebusbridge";
  private static final JavaClasses TESTER =
      new ClassFileImporter()
          .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void theTesterHasNothingOfTheBridgeButItsConfigurationAndItsSentences() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage(OURS + "..")
                .or(resideInAnyPackage(OURS + ".tester", OURS + ".config", OURS + ".tls"))
                // how a broker is configured, and what its refusal or absence is called
                .or(
                    belongToAnyOf(
                        AmqpConfig.class, AmqpKeys.class, AmqpFailures.class, BusException.class))
                // where a configuration is, when it is in no file
                .or(
                    belongToAnyOf(
                        ParameterStore.class,
                        SecretStore.class,
                        AwsSession.class,
                        AwsException.class))
                // what keeps the AMQP client's log from standard error, and a terminal from orders
                .or(belongToAnyOf(LogSetup.class, Printable.class)))
        .check(TESTER);
  }

  @Test
  void neitherAwsNorTheWebSocketClientIsItsOwnBusiness() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAPackage("software.amazon.awssdk..")
                .or(resideInAPackage("com.neovisionaries.."))
                .negate())
        .check(TESTER);
  }
}
