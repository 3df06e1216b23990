package org.messagebusbridge.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.endtoend.BridgeProcess.Ended;
import org.messagebusbridge.endtoend.BridgeProcess.Ini;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;

/** A bus of which the bridge knows nothing, in a jar of its own. */
@Timeout(180)
class ToyBusTest {
  /** The loopback, with a word before each message. */
  private static final String SOURCE =
      """
      package toy;

      import java.nio.charset.StandardCharsets;
      import java.util.Optional;
      import java.util.OptionalInt;
      import org.messagebusbridge.bus.*;
      import org.messagebusbridge.config.*;
      import org.messagebusbridge.loopback.LoopbackBus;

      public final class Toy implements BusModule {
        static final Section SECTION = new Section("toy", "the toy", _ -> {});
        static final Key<String> WORD =
            SECTION.standard("toy_word", Types.text("a word"), "hello", "The word");

        public Side side() {
          return Side.API;
        }

        public Optional<Section> section() {
          return Optional.of(SECTION);
        }

        public String address(Configuration configuration) {
          return "toy";
        }

        public Attempts attempts(Configuration configuration) {
          return new Attempts(OptionalInt.of(1), Optional.empty(), "");
        }

        public Bus open(Opening opening) {
          LoopbackBus loop = new LoopbackBus();
          return new Bus() {
            public String name() {
              return "toy";
            }

            public BusConnection connect(ConnectionListener listener) {
              return new Speaking(loop.connect(listener), opening.configuration().get().get(WORD));
            }
          };
        }

        record Speaking(BusConnection loop, String word) implements BusConnection, Sink {
          public Source source() {
            return loop.source();
          }

          public Sink sink() {
            return this;
          }

          public void close() {
            loop.close();
          }

          public void start(Confirmations confirmations) {
            loop.sink().start(confirmations);
          }

          public long send(Message message) {
            String said = word + " " + new String(message.body(), StandardCharsets.UTF_8);
            return loop.sink()
                .send(Message.of(said.getBytes(StandardCharsets.UTF_8), Message.Form.TEXT));
          }

          public void flush() {
            loop.sink().flush();
          }

          public void probe() {
            loop.sink().probe();
          }

          public long maxMessageBytes() {
            return loop.sink().maxMessageBytes();
          }
        }
      }
      """;

  @TempDir private Path directory;
  private Path jar = Path.of("");

  @BeforeEach
  void makeTheJar() throws IOException {
    Path source = Files.writeString(directory.resolve("Toy.java"), SOURCE);
    Path classes = Files.createDirectory(directory.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(
            compiler.run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                source.toString()))
        .isZero();
    jar = directory.resolve("toy.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.list(classes.resolve("toy"))) {
      for (Path file : files.toList()) {
        out.putNextEntry(new JarEntry("toy/" + file.getFileName()));
        Files.copy(file, out);
      }
      out.putNextEntry(new JarEntry("META-INF/services/org.messagebusbridge.config.BusModule"));
      out.write("toy.Toy\n".getBytes(UTF_8));
    }
  }

  private Ini ini(Broker broker, String name) {
    return Ini.of(broker, name + ".to", name + ".from").set("toy", "toy_word", "Good day,");
  }

  @Test
  void carriesMessagesWhenItsSectionIsThere() throws Exception {
    Broker broker = Brokers.embedded();
    String name = "toy-" + System.nanoTime();
    broker.declareQueue(name + ".to");
    broker.declareQueue(name + ".from");
    try (Connection connection = broker.connectionFactory().newConnection("toy test");
        Channel channel = connection.createChannel()) {
      for (String who : List.of("Anna", "Bert", "Carla")) {
        channel.basicPublish("", name + ".to", null, who.getBytes(UTF_8));
      }
      try (BridgeProcess bridge =
          BridgeProcess.startWith(jar, "-c", ini(broker, name).write(directory).toString())) {
        List<String> received = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (received.size() < 3) {
          assertThat(System.nanoTime()).isLessThan(deadline);
          GetResponse response = channel.basicGet(name + ".from", true);
          if (response == null) {
            LockSupport.parkNanos(10_000_000);
          } else {
            received.add(new String(response.getBody(), UTF_8));
          }
        }
        Ended ended = bridge.terminate();

        assertThat(received).containsExactly("Good day, Anna", "Good day, Bert", "Good day, Carla");
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.err()).doesNotContain("WARN", "is not a");
        assertThat(broker.depth(name + ".to")).isZero();
      }
    }
  }

  @Test
  void isRefusedBesideAnotherOfItsSide() throws Exception {
    Path ini =
        ini(Brokers.embedded(), "never")
            .set("ws_api", "api_host", "ws://localhost:1")
            .set("ws_api", "api_uri", "/")
            .write(directory);
    try (BridgeProcess bridge = BridgeProcess.startWith(jar, "-c", ini.toString())) {
      Ended ended = bridge.await();

      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err())
          .contains("[ws_api] and [toy] are for the same side of the bridge; keep one of them.");
    }
  }
}
