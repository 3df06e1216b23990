package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JVM's options that the bridge is shipped with, in a real JVM. */
class ShippedOptionsTest {
  private static final Path OPTIONS = Path.of("src", "main", "jvm", "bridge.options");

  /** Time, number, marks such as {@code %} and {@code !}, level, method, and what became of it. */
  private static final Pattern LEVEL_4 =
      Pattern.compile("\\s*\\d+\\s+\\d+\\D{1,9}4\\s+(?<method>[^ ]+::[^ ]+)(?<rest>.*)");

  @TempDir private Path folder;

  private RealJava.Run java(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("@" + OPTIONS.toAbsolutePath()));
    all.addAll(List.of(arguments));
    return new RealJava(folder).run(all.toArray(String[]::new));
  }

  @Test
  void theJvmTakesThemAndSaysNothing() throws Exception {
    RealJava.Run run = java("-cp", folder.toString(), "--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .as("what --version prints, and nothing else")
        .hasSize(3)
        .first()
        .asString()
        .startsWith("openjdk 25");
  }

  /** What the large compiler does is what {@code -XX:+PrintCompilation} shows as level 4. */
  @Test
  void theLargeCompilerIsForCryptographyAlone() throws Exception {
    Path program = folder.resolve("Busy.java");
    Files.writeString(program, BUSY);

    RealJava.Run run = java("-XX:+PrintCompilation", program.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    Set<String> begun = new TreeSet<>();
    Set<String> givenUp = new TreeSet<>();
    run.out().stream()
        .map(LEVEL_4::matcher)
        .filter(Matcher::matches)
        .forEach(
            line ->
                (line.group("rest").contains("COMPILE SKIPPED") ? givenUp : begun)
                    .add(line.group("method")));
    assertThat(givenUp).contains("Busy::sum");
    begun.removeAll(givenUp);
    assertThat(begun)
        .isNotEmpty()
        .allMatch(
            method ->
                method.startsWith("com.sun.crypto.provider.")
                    || method.startsWith("sun.security.provider."));
  }

  private static final String BUSY =
      """
      import javax.crypto.Cipher;
      import javax.crypto.spec.GCMParameterSpec;
      import javax.crypto.spec.SecretKeySpec;

      class Busy {
        public static void main(String[] args) throws Exception {
          byte[] data = new byte[16 * 1024];
          long sum = 0;
          for (int i = 0; i < 2_000; i++) {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] nonce = new byte[12];
            nonce[0] = (byte) i;
            nonce[1] = (byte) (i >> 8);
            cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(new byte[16], "AES"),
                new GCMParameterSpec(128, nonce));
            sum += sum(cipher.doFinal(data));
          }
          if (sum == 1) {
            System.out.println();
          }
        }

        static long sum(byte[] bytes) {
          long sum = 0;
          for (byte b : bytes) {
            sum += b;
          }
          return sum;
        }
      }
      """;
}
