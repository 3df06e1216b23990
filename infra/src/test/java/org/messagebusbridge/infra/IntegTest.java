package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The run for a real account, as far as it goes without one: its plan. */
class IntegTest {

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
}
