package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher in a checkout of its own, with a JDK and a Maven that only say what they are asked.
 */
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "mbb").toAbsolutePath().normalize();
  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$*" >>"$MAVEN_CALLS"
      for module in app tester sandbox; do
        mkdir -p "$CHECKOUT/$module/target/lib"
        echo jar >"$CHECKOUT/$module/target/$module-7.8.9.jar"
        echo library >"$CHECKOUT/$module/target/lib/library.jar"
      done
      """;

  @TempDir private Path temporary;
  private Path checkout = Path.of("");
  private Path bin = Path.of("");
  private Path jdk = Path.of("");

  private record Run(int exitCode, List<String> out, List<String> err, long pid) {}

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = Files.createDirectory(temporary.resolve("a checkout"));
    bin = Files.createDirectory(temporary.resolve("bin"));
    jdk = jdk("jdk", "25.0.3");
    Files.copy(LAUNCHER, checkout.resolve("mbb"));
    executable(checkout.resolve("mbb"));
    Files.writeString(checkout.resolve("pom.xml"), "<project>\n  <version>7.8.9</version>\n");
    for (String module : List.of("app", "tester", "sandbox")) {
      Files.createDirectories(checkout.resolve(module).resolve("src/main"));
      Files.writeString(checkout.resolve(module).resolve("pom.xml"), "<project/>");
    }
    Path options = Path.of("src", "main", "jvm", "bridge.options");
    Files.createDirectory(checkout.resolve("app/src/main/jvm"));
    Files.copy(options, checkout.resolve("app").resolve(options));
    script(bin.resolve("mvn"), MAVEN);
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(temporary.resolve(name));
    Files.createDirectory(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "X=1\nJAVA_VERSION=\"" + version + "\"\n");
    script(
        home.resolve("bin/java"),
        """
        #!/bin/sh
        echo "%s $$"
        for argument in "$@"; do echo "$argument"; done
        """
            .formatted(name));
    return home;
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    executable(file);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Run mbb(String... arguments) {
    return mbb(Map.of(), arguments);
  }

  private Run mbb(Map<String, String> environment, String... arguments) {
    return finished(started(checkout.resolve("mbb"), environment, arguments));
  }

  private Process started(Path launcher, Map<String, String> environment, String... arguments) {
    return started(List.of("bash", launcher.toString()), environment, arguments);
  }

  private Process started(
      List<String> launching, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(launching);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
    Map<String, String> variables = new HashMap<>(environment);
    variables.putIfAbsent("JAVA_HOME", jdk.toString());
    variables.put("PATH", bin + ":" + System.getenv("PATH"));
    variables.put("MAVEN_CALLS", calls().toString());
    variables.put("CHECKOUT", checkout.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("MBB_"));
    builder.environment().putAll(variables);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Run finished(Process process) {
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Run(
          process.exitValue(), out.lines().toList(), err.lines().toList(), process.pid());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path calls() {
    return temporary.resolve("maven calls");
  }

  private List<String> mavenCalls() throws IOException {
    return Files.exists(calls()) ? Files.readAllLines(calls()) : List.of();
  }

  /** Earlier than any build of this test, as the clock of a file system is coarse. */
  private static void age(Path tree) throws IOException {
    List<Path> files;
    try (var walk = Files.walk(tree)) {
      files = walk.toList();
    }
    for (Path file : files) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void helpNamesEveryCommand(String asked) throws IOException {
    Run run = mbb(asked);

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().stream().filter(line -> line.matches("  [a-z]+ +\\S.*")))
        .map(line -> line.strip().split(" ", 2)[0])
        .containsExactly(
            "demo",
            "bridge",
            "tester",
            "config",
            "images",
            "soak",
            "smoke",
            "teardown",
            "bench",
            "verify",
            "format",
            "completion",
            "mbb");
    assertThat(mavenCalls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify", "format", "smoke", "teardown", "completion", "images"})
  void theHelpOfACommandBuildsAndChangesNothing(String command) throws IOException {
    Run run = mbb(command, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).first().asString().startsWith("Usage: mbb ");
    assertThat(mavenCalls()).isEmpty();
  }

  @Test
  void refusesAnOptionThatFormatHasNot() throws IOException {
    Run run = mbb("format", "--all");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .containsExactly("error: mbb format takes no options, and there is '--all'.");
    assertThat(mavenCalls()).isEmpty();
  }

  @Test
  void tellsTheVersionOfTheBuild() {
    assertThat(mbb("--version").out()).containsExactly("MessageBusBridge 7.8.9");
  }

  @Test
  void refusesACommandThatThereIsNot() {
    Run run = mbb("brigde");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .containsExactly("error: there is no command 'brigde'; mbb --help shows what there is.");
  }

  @Test
  void buildsOnceAndStartsWithoutMavenAfterThat() throws IOException {
    age(checkout);

    Run first = mbb("bridge", "-c", "a file.ini");
    Run second = mbb("bridge", "-c", "a file.ini");

    assertThat(first.err())
        .containsExactly(
            "mbb: building, this once; it takes a minute or two (log: target/build.log)");
    assertThat(second.err()).isEmpty();
    assertThat(mavenCalls()).hasSize(1);
    for (Run run : List.of(first, second)) {
      assertThat(run.exitCode()).isZero();
      assertThat(run.out())
          .endsWith("org.messagebusbridge.cli.Mbb", "bridge", "-c", "a file.ini")
          .contains(
              checkout.toRealPath().resolve("target/mbb/bridge/app-7.8.9.jar")
                  + ":"
                  + checkout.toRealPath().resolve("target/mbb/bridge/library.jar"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", "app/src/main/New.java", "sandbox/pom.xml", "mbb"})
  void buildsAgainWhenASourceIsNewer(String source) throws IOException {
    age(checkout);
    mbb("bridge");
    Path changed = checkout.resolve(source);
    if (!Files.exists(changed)) {
      Files.createFile(changed);
    }
    Files.setLastModifiedTime(changed, FileTime.from(Instant.now().plusSeconds(5)));

    Run run = mbb("bridge");

    assertThat(run.err()).containsExactly("mbb: building what has changed (log: target/build.log)");
    assertThat(mavenCalls()).hasSize(2);
  }

  @Test
  void buildsOnceWhenStartedTwiceAtTheSameTime() throws IOException {
    age(checkout);

    List<Process> both =
        List.of(
            started(checkout.resolve("mbb"), Map.of(), "bridge"),
            started(checkout.resolve("mbb"), Map.of(), "tester"));

    assertThat(both).map(LauncherTest::finished).allMatch(run -> run.exitCode() == 0);
    assertThat(mavenCalls()).hasSize(1);
    assertThat(checkout.resolve("target/mbb.lock")).doesNotExist();
  }

  @Test
  void aLockWhoseHolderIsGoneDoesNotCount() throws IOException {
    Files.createDirectories(checkout.resolve("target/mbb.lock"));
    Files.writeString(checkout.resolve("target/mbb.lock/pid"), "4194305\n");

    assertThat(mbb("bridge").exitCode()).isZero();
  }

  @Test
  void saysWhatTheCompilerSaidWhenTheBuildFails() throws IOException {
    script(
        bin.resolve("mvn"),
        """
        #!/bin/sh
        echo '[INFO] Scanning for projects...'
        echo '[ERROR] COMPILATION ERROR :'
        echo '[ERROR] /x/Bridge.java:[3,4] cannot find symbol'
        exit 1
        """);

    Run run = mbb("bridge");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .containsExactly(
            "mbb: building, this once; it takes a minute or two (log: target/build.log)",
            "mbb: the build failed; its log is "
                + checkout.toRealPath().resolve("target/build.log")
                + " and says:",
            "[ERROR] /x/Bridge.java:[3,4] cannot find symbol");
    assertThat(checkout.resolve("target/mbb.lock")).doesNotExist();
  }

  @Test
  void becomesTheJvmSoThatSignalsReachIt() {
    mbb("bridge");

    Run run = mbb("bridge");

    assertThat(run.out().getFirst()).isEqualTo("jdk " + run.pid());
  }

  @ParameterizedTest
  @CsvSource({"25, other", "25.0.1, other", "26-ea, other", "17.0.2, path", "24, path"})
  void aJavaHomeCountsWhenItIsRecentEnough(String version, String taken) throws IOException {
    Path home = jdk("other", version);
    Files.createSymbolicLink(bin.resolve("java"), jdk("path", "25").resolve("bin/java"));
    mbb("bridge");

    Run run = mbb(Map.of("JAVA_HOME", home.toString()), "bridge");

    assertThat(run.out().getFirst()).startsWith(taken + " ");
  }

  @Test
  void appendsTheUsersOptionsToItsOwn() {
    mbb("bridge");

    Run run = mbb(Map.of("MBB_JAVA_OPTS", "-Xmx96m -Dx=y"), "bridge", "-v");

    assertThat(run.out().indexOf("-Xmx96m")).isGreaterThan(run.out().indexOf("-Xmx256m"));
    assertThat(run.out()).contains("-Xmx256m", "-Xmx96m", "-Dx=y").endsWith("bridge", "-v");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '%',
      value = {
        "-Da=\"x y\" -Db='p \" q'  | <-Da=x y><-Db=p \" q>",
        "'-Dpath=/a folder/$HOME/*' | <-Dpath=/a folder/$HOME/*>",
        "-Da=b\\ c -Dd=\"e\\\"f\\g\" | <-Da=b c><-Dd=e\"f\\g>",
        "-Da='b'\"c\"d | <-Da=bcd>",
        "-Da=`id`;$(id) | <-Da=`id`;$(id)>",
      })
  void partsTheUsersOptionsAsAShellWouldAndRunsNothing(String options, String parted) {
    mbb("bridge");

    Run run = mbb(Map.of("MBB_JAVA_OPTS", options), "bridge");

    String all = run.out().stream().map(line -> "<" + line + ">").reduce("", String::concat);
    assertThat(all).contains(parted + "<-cp>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'", "\""})
  void refusesAQuoteThatNothingEnds(String quote) {
    Run run = mbb(Map.of("MBB_JAVA_OPTS", "-Da=b -Dc=" + quote + "d e"), "bridge");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .containsExactly(
            "error: MBB_JAVA_OPTS has a " + quote + " that nothing ends; write a second one.");
  }

  /** The JVM reads arguments and variables by the locale. */
  @ParameterizedTest
  @CsvSource({
    "LC_ALL, C, C.UTF-8",
    "LC_ALL, POSIX, C.UTF-8",
    "LANG, C, C.UTF-8",
    "LC_CTYPE, C, C.UTF-8",
    "LANG, no_SUCH.ISO-8859-1, C.UTF-8",
    "LC_ALL, C.UTF-8, C.UTF-8",
    "LANG, C.UTF-8, ''",
  })
  void givesTheJvmALocaleOfUtf8(String variable, String value, String given) throws IOException {
    script(
        jdk.resolve("bin/java"),
        """
        #!/bin/sh
        echo "$LC_ALL"
        """);
    mbb("bridge");
    List<String> locale = List.of("LC_ALL", "LC_CTYPE", "LANG");
    List<String> command = new ArrayList<>(List.of("env"));
    locale.forEach(name -> command.addAll(List.of("-u", name)));
    command.addAll(List.of(variable + "=" + value, "bash", checkout.resolve("mbb").toString()));

    Run run = finished(started(command, Map.of(), "bridge"));

    assertThat(run.out()).containsExactly(given);
  }

  @Test
  void worksThroughASymlink() throws IOException {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), Path.of("a checkout", "mbb"));

    Run run = finished(started(link, Map.of(), "--version"));

    assertThat(run.out()).containsExactly("MessageBusBridge 7.8.9");
  }

  @Test
  void verifySumsUpTheReportsAndEndsAsMavenDid() throws IOException {
    script(
        bin.resolve("mvn"),
        """
        #!/bin/sh
        echo "$*" >>"$MAVEN_CALLS"
        mkdir -p "$CHECKOUT/app/target/surefire-reports"
        cat >"$CHECKOUT/app/target/surefire-reports/TEST-a.xml" <<'XML'
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuite name="a.SlowTest" time="0.1" tests="6" errors="1" skipped="3" failures="1">
          <testcase name="passes" classname="a.SlowTest" time="0.1"/>
          <testcase name="one" classname="a.SlowTest" time="0.1">
            <skipped message="skipped: tmux is not on the PATH; get it with: &quot;apt&quot;"/>
          </testcase>
          <testcase name="two" classname="a.SlowTest" time="0.1">
            <skipped message="skipped: tmux is not on the PATH; get it with: &quot;apt&quot;"/>
          </testcase>
          <testcase name="three" classname="a.SlowTest" time="0.1">
            <skipped><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: root
            at a.SlowTest]]></skipped>
          </testcase>
        </testsuite>
        XML
        exit 7
        """);

    Path summary = Path.of("tools", "summary", "Summary.java");
    Files.createDirectories(checkout.resolve(summary).getParent());
    Files.copy(Path.of("..").resolve(summary), checkout.resolve(summary));

    Run run = mbb(Map.of("JAVA_HOME", System.getProperty("java.home")), "verify", "-Dtest=Slow*");

    assertThat(run.exitCode()).isEqualTo(7);
    assertThat(mavenCalls()).hasSize(1).first().asString().endsWith(" verify -Dtest=Slow*");
    assertThat(run.out())
        .containsExactly(
            "",
            "Skipped:",
            "  1 in SlowTest: needs root",
            "  2 in SlowTest: skipped: tmux is not on the PATH; get it with: \"apt\"",
            "",
            "1 passed, 2 failed, 3 skipped");
  }
}
