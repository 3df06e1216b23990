package org.messagebusbridge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.messagebusbridge.cli.Mbb;

/** Who may know whom. */
class ArchitectureTest {
  private static final String OURS = "org.messagebusbridge.";
  private static final JavaClasses BRIDGE =
      new ClassFileImporter()
          .importUrl(Mbb.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void thePortsDependOnNothingButTheJdk() {
    classes()
        .that()
        .resideInAPackage(OURS + "bus..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", OURS + "bus..")
        .check(BRIDGE);
  }

  @Test
  void theRelayKnowsThePortsAndTheLogAlone() {
    classes()
        .that()
        .resideInAPackage(OURS + "relay..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify..", "org.slf4j..", OURS + "bus..", OURS + "relay..")
        .check(BRIDGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"amqp", "websocket", "loopback"})
  void aBusIsKnownToNobody(String bus) {
    noClasses()
        .that()
        .resideOutsideOfPackage(OURS + bus + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(OURS + bus + "..")
        .check(BRIDGE);
  }

  @Test
  void nothingKnowsTheCompositionRoot() {
    noClasses()
        .that()
        .resideOutsideOfPackage(OURS + "cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(OURS + "cli..")
        .check(BRIDGE);
  }

  @Test
  void theRelayIsKnownToTheCompositionRootAndToWhatTellsOfItsNumbers() {
    noClasses()
        .that()
        .resideOutsideOfPackages(OURS + "relay..", OURS + "observability..", OURS + "cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(OURS + "relay..")
        .check(BRIDGE);
  }

  @ParameterizedTest
  @CsvSource({
    "com.rabbitmq, amqp",
    "com.neovisionaries, websocket",
    "software.amazon.awssdk, aws",
    "picocli, cli"
  })
  void aLibraryIsUsedInOnePackageAlone(String library, String user) {
    noClasses()
        .that()
        .resideOutsideOfPackage(OURS + user + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library + "..")
        .check(BRIDGE);
  }

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    slices().matching(OURS + "(*)..").should().beFreeOfCycles().check(BRIDGE);
  }
}
