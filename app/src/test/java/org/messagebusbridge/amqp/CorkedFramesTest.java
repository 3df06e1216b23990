package org.messagebusbridge.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.WriteListener;
import com.rabbitmq.client.impl.FrameHandler;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorkedFramesTest {
  private final List<String> calls = new ArrayList<>();
  private final CorkedFrames frames =
      new CorkedFrames(
          (FrameHandler)
              Proxy.newProxyInstance(
                  FrameHandler.class.getClassLoader(),
                  new Class<?>[] {FrameHandler.class},
                  (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return method.getReturnType() == int.class ? 7 : null;
                  }),
          new LargeBodies(1 << 20));

  @Test
  void letsFlushesWaitWhileItIsCorkedAndMakesUpForThemOnce() throws IOException {
    frames.flush(null);
    assertThat(calls).containsExactly("flush");
    frames.cork();
    frames.flush(null);
    frames.flush(null);
    assertThat(calls).hasSize(1);

    frames.uncork();
    frames.uncork();
    assertThat(calls).containsExactly("flush", "flush");

    frames.flush(null);
    assertThat(calls).containsExactly("flush", "flush", "flush");
  }

  @Test
  void holdsBackNoFlushThatSomeoneWaitsFor() throws IOException {
    WriteListener waiting = (written, cause) -> {};
    frames.cork();

    frames.flush(waiting);

    assertThat(calls).containsExactly("flush");
  }

  @Test
  void passesOnAllElse() throws IOException {
    frames.cork();

    frames.sendHeader();
    frames.startProcessing();
    frames.finishConnectionNegotiation();
    frames.setFrameMax(1);
    frames.setTimeout(1);
    assertThat(frames.getTimeout()).isEqualTo(7);
    assertThat(frames.getPort()).isEqualTo(7);
    assertThat(frames.getLocalPort()).isEqualTo(7);
    assertThat(frames.readFrame()).isNull();
    frames.close();

    assertThat(calls)
        .containsExactly(
            "sendHeader",
            "startProcessing",
            "finishConnectionNegotiation",
            "setFrameMax",
            "setTimeout",
            "getTimeout",
            "getPort",
            "getLocalPort",
            "readFrame",
            "close");
  }
}
