package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireOutputTest {
  private final List<Integer> writes = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private boolean broken;

  private final OutputStream peer =
      new OutputStream() {
        @Override
        public void write(int b) {
          writes.add(1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          if (broken) {
            throw new SocketException("Broken pipe");
          }
          writes.add(length);
        }
      };

  private boolean permitted = true;

  private final WireOutput output =
      new WireOutput(
          peer,
          new WireEvents() {
            @Override
            public void inputEnded() {
              events.add("ended");
            }

            @Override
            public void inputFailed(IOException cause) {
              events.add("input " + cause.getMessage());
            }

            @Override
            public void violated(FrameGuard.Violation violation) {
              events.add("violated");
            }

            @Override
            public void outputFailed(IOException cause) {
              events.add("output " + cause.getMessage());
            }

            @Override
            public void flushed() {
              events.add("flushed");
            }
          },
          () -> permitted);

  @Test
  void writesAtOnceWhatIsFlushedAndSaysSo() throws IOException {
    output.write(new byte[10]);
    assertThat(writes).isEmpty();
    output.flush();
    assertThat(writes).containsExactly(10);
    assertThat(events).containsExactly("flushed");
  }

  @Test
  void letsFlushesWaitWhileItIsCorked() throws IOException {
    output.cork();
    for (int n = 0; n < 5; n++) {
      output.write(new byte[100]);
      output.flush();
    }
    assertThat(writes).isEmpty();
    output.uncork();
    assertThat(writes).containsExactly(500);
    output.write(new byte[7]);
    output.flush();
    assertThat(writes).containsExactly(500, 7);
  }

  @Test
  void writesLargeBodiesInPiecesSoThatProgressShows() throws IOException {
    output.write(new byte[100_000]);
    output.flush();
    assertThat(writes).containsExactly(32_768, 32_768, 32_768, 1_696);
  }

  @Test
  void keepsQuietAboutABrokenConnectionUntilTheHandshakeIsOver() throws IOException {
    broken = true;
    output.write(new byte[10]);
    output.flush();
    assertThat(events).containsExactly("flushed");
    output.open();
    output.write(new byte[10]);
    assertThatThrownBy(output::flush).isInstanceOf(SocketException.class);
    assertThat(events).containsExactly("flushed", "output Broken pipe");
  }

  @Test
  void writesNothingOnceThePermitIsRefusedNorLaterWhatWasRefused() throws IOException {
    output.write(new byte[10]);
    permitted = false;

    assertThatThrownBy(output::flush).isInstanceOf(IOException.class);
    permitted = true;
    output.flush();

    assertThat(writes).isEmpty();
    assertThat(events)
        .containsExactly("output it may be another bridge's turn to write", "flushed");
  }

  @Test
  void asksForThePermitBeforeEachWriteThatAFullBufferMakes() throws IOException {
    output.open();
    output.write(new byte[40_000]);
    assertThat(writes).containsExactly(32_768);
    permitted = false;

    assertThatThrownBy(() -> output.write(new byte[60_000])).isInstanceOf(IOException.class);

    assertThat(writes).containsExactly(32_768);
    assertThat(events).containsExactly("output it may be another bridge's turn to write");
  }

  @Test
  void writesNothingOfWhatFlushesHaveWaitedForWhenThePermitIsRefused() throws IOException {
    output.cork();
    output.write(new byte[10]);
    output.flush();
    permitted = false;

    output.uncork();

    assertThat(writes).isEmpty();
    assertThat(events).containsExactly("output it may be another bridge's turn to write");
  }
}
