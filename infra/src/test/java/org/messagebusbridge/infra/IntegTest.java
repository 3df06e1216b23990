package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The run for a real account, as far as it goes without one: its plan, and its options. */
class IntegTest {
  private static final Pattern DEPLOYMENT = Pattern.compile("^[^#]*\\bdeploy( .*-c .*)$");
  private static final Pattern OPTION = Pattern.compile("-c (\\w+)=([^\\s\"]+)");

  @Test
  void itDeploysBridgesRotatesScalesGoesBackAndDeletesWhateverHappens()
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("infra/integ/run", "--plan").directory(Path.of("..").toFile());
    builder.environment().put("MBB_INTEG_ID", "7");
    builder.redirectErrorStream(true);
    Process plan = builder.start();
    plan.getOutputStream().close();
    String output = new String(plan.getInputStream().readAllBytes(), UTF_8);

    assertThat(plan.waitFor()).as(output).isZero();
    assertThat(output.replace(" \n", "\n"))
        .isEqualTo(
            """
            == deploy the profile dev
            deploy
            == one task runs
            runs 1
            == bridge 1,000 messages
            bridges 1000
            == change the password of the user at the broker
            rotates
            == bridge 100 messages with the new one
            bridges 100
            == scale to two tasks
            deploy -c least=2
            == two tasks run
            runs 2
            == a deployment that does not connect goes back
            goes_back
            == bridge 100 messages with what ran before
            bridges 100
            == delete everything
            ./mbb teardown --stack BridgeInteg7 --yes
            == nothing is left
            nothing_left
            0 minutes; some 0.00 USD at list price
            """);
  }

  /** Or a deployment that is meant to go back by its alarms would not begin. */
  @Test
  void everyDeploymentOfItHasOptionsThatGoTogether() throws Exception {
    String script = Files.readString(Path.of("integ/run")).replace("\\\n", " ");
    List<String> deployments =
        script
            .lines()
            .map(DEPLOYMENT::matcher)
            .filter(Matcher::find)
            .map(line -> line.group(1))
            .toList();
    assertThat(deployments).hasSize(3);
    Map<String, Object> always = options(deployments.get(0));
    String image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/integ/image:1a2b3c";
    always.putAll(Map.of("image", image, "testerImage", image));

    for (String deployment : deployments) {
      Map<String, Object> all = new TreeMap<>(always);
      all.putAll(options(deployment));

      assertThatCode(() -> OptionsReader.read(all, Path.of("../environments")))
          .as(deployment)
          .doesNotThrowAnyException();
    }
  }

  /** Those whose values are in the script; what a variable of the shell has is not known here. */
  private static Map<String, Object> options(String deployment) {
    Map<String, Object> options = new TreeMap<>();
    OPTION
        .matcher(deployment)
        .results()
        .forEach(option -> options.put(option.group(1), option.group(2)));
    return options;
  }
}
