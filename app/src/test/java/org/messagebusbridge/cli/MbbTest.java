package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The process of the bridge, without a cache of classes. */
class MbbTest {
  @TempDir private Path directory;

  private RealJava.Run run(String... arguments) throws IOException, InterruptedException {
    return launch(List.of(), arguments);
  }

  private RealJava.Run launch(List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(options);
    all.add("-cp");
    all.add(System.getProperty("java.class.path") + File.pathSeparator + directory);
    all.add(Mbb.class.getName());
    all.addAll(List.of(arguments));
    return new RealJava(directory).run(all.toArray(String[]::new));
  }

  private void onTheClassPath(String name, String contents) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, contents);
  }

  @Test
  void saysNothingButWhatItIsAsked() throws Exception {
    RealJava.Run version = new RealJava.Run(0, List.of("MessageBusBridge development"), List.of());

    assertThat(run("bridge", "--version")).isEqualTo(version);
    assertThat(run("config", "--version")).isEqualTo(version);
  }

  @Test
  void doesNotSearchTheClassPathForWhatItKnows() throws Exception {
    onTheClassPath("META-INF/services/org.slf4j.spi.SLF4JServiceProvider", "no.such.Provider");
    onTheClassPath("groovy/lang/Closure.class", "no class");

    assertThat(run("bridge", "-c", "missing.ini"))
        .isEqualTo(
            new RealJava.Run(
                2,
                List.of("MQ to WebSocket Message Bridge vdevelopment starting up"),
                List.of("error: There is no file missing.ini; name another with -c.")));
  }

  /**
   * Two threads that asked SLF4J for a logger while it starts would lose what one of them logs. The
   * JVM tells which classes it loads and which threads it starts; those of its own compilers and
   * collectors would come in between, so it has none.
   */
  @Test
  void theLogIsUpBeforeThereIsASecondThread() throws Exception {
    RealJava.Run run =
        launch(
            List.of(
                "-Xint", "-XX:+UseSerialGC", "-Xlog:os+thread=info,class+load=info:stdout:none"),
            "bridge",
            "-c",
            "missing.ini");

    List<String> told =
        run.out().stream()
            .filter(line -> line.matches("Thread \".*\" started.*|org\\.\\S+ source:.*"))
            .map(line -> line.replaceFirst("( started| source:).*", ""))
            .toList();
    List<String> between =
        told.subList(
            told.indexOf("org.messagebusbridge.cli.Mbb"),
            told.indexOf("org.messagebusbridge.cli.BridgeCommand"));
    assertThat(between)
        .contains(
            "org.slf4j.LoggerFactory", "org.messagebusbridge.observability.EventLoggerProvider")
        .noneMatch(line -> line.startsWith("Thread "));
  }

  private static final String MISSING =
      "error: There is no file missing.ini; name another with -c.";

  /** In a shell, which can set what a Java process cannot. */
  private RealJava.Run inShell(String before, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("-c", before + "; exec \"$@\"", "bash"));
    all.add(RealJava.JAVA);
    all.addAll(List.of("-cp", System.getProperty("java.class.path"), Mbb.class.getName()));
    all.addAll(List.of(arguments));
    return new RealJava(directory).run("bash", all.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 40, 99})
  void tooFewOpenFilesAreToldInASentence(int limit) throws Exception {
    assertThat(inShell("ulimit -n " + limit, "bridge", "-c", "missing.ini"))
        .isEqualTo(
            new RealJava.Run(
                2,
                List.of(),
                List.of(
                    "error: this process may open only "
                        + limit
                        + " files and connections at a time, and needs 100 at least: raise its"
                        + " limit (ulimit -n; LimitNOFILE of systemd; ulimits of a container).")));
  }

  @Test
  void enoughOpenFilesAreEnough() throws Exception {
    RealJava.Run run = inShell("ulimit -n 100", "bridge", "-c", "missing.ini");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).containsExactly(MISSING);
  }

  /** The bytes of UTF-8 where the JVM cannot know that they are. */
  @ParameterizedTest
  @CsvSource({"C, ANSI_X3.4-1968", "POSIX, ANSI_X3.4-1968", "no_SUCH.UTF-8, ANSI_X3.4-1968"})
  void aLocaleThatIsNotUtf8IsNamedAndNoOtherNameTaken(String locale, String encoding)
      throws Exception {
    String flaw =
        " has letters that are not ASCII, where the locale of this process is not UTF-8 but "
            + encoding
            + "; set LC_ALL=C.UTF-8.";
    String export = "export LC_ALL=" + locale + " 2>/dev/null";

    RealJava.Run queue =
        inShell(
            export + " MBB_AWS_MQ_MQ_QNAME_TO_WS=$'te_\\303\\274'",
            "config",
            "-c",
            ini().toString());
    RealJava.Run password =
        inShell(
            export + " MBB_AWS_MQ_MQ_PASSWORD=$'\\303\\274ber'", "config", "-c", ini().toString());
    RealJava.Run argument = inShell(export + "; set -- \"$@\" -c $'b\\303\\274.ini'", "config");

    assertThat(List.of(queue.exitCode(), password.exitCode(), argument.exitCode()))
        .containsExactly(2, 2, 2);
    assertThat(queue.err()).containsExactly("error: MBB_AWS_MQ_MQ_QNAME_TO_WS: the value" + flaw);
    assertThat(password.err()).containsExactly("error: MBB_AWS_MQ_MQ_PASSWORD: the value" + flaw);
    assertThat(argument.err()).hasSize(1);
    assertThat(argument.err().getFirst()).startsWith("error: the argument b").endsWith(flaw);
    assertThat(queue.out()).isEmpty();
  }

  @Test
  void inALocaleOfUtf8NamesPasswordsAndPathsAreReadAsTheyAreMeant() throws Exception {
    RealJava.Run run =
        inShell(
            "export LC_ALL=C.UTF-8 MBB_AWS_MQ_MQ_QNAME_TO_WS=$'te_\\303\\274'; cp '"
                + ini()
                + "' $'"
                + directory
                + "/b\\303\\274.ini'; set -- \"$@\" -c $'"
                + directory
                + "/b\\303\\274.ini'",
            "config");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .anyMatch(line -> line.startsWith("aws_mq.mq_qname_to_ws = te_\u00fc  "))
        .anyMatch(line -> line.contains("b\u00fc.ini:"));
  }

  @Test
  void bytesThatAreNotUtf8AreNamed() throws Exception {
    RealJava.Run run =
        inShell(
            "export LC_ALL=C.UTF-8 MBB_AWS_MQ_MQ_QNAME_TO_WS=$'te_\\374'",
            "config",
            "-c",
            ini().toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .containsExactly(
            "error: MBB_AWS_MQ_MQ_QNAME_TO_WS: the value has bytes that are not UTF-8; write it in"
                + " UTF-8.");
  }

  private Path ini() throws IOException {
    return Files.writeString(
        directory.resolve("bridge.ini"),
        """
        [ws_api]
        ws_auth = none
        api_host = ws://127.0.0.1:9
        api_uri = /
        [aws_mq]
        mq_host = 127.0.0.1
        mq_tls = false
        mq_user_id = u
        mq_password = p
        mq_qname_to_ws = a
        mq_qname_from_ws = b
        """);
  }
}
