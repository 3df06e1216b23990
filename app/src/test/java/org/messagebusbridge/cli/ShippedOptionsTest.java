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

  /** Number, level, state and method: a line of {@code jcmd}'s Compiler.codelist. */
  private static final Pattern COMPILED =
      Pattern.compile("\\d+ (?<level>[1-4]) \\d+ (?<method>[^ (]+)\\(.*");

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

  /** What the large compiler has made is of level 4. */
  @Test
  void theLargeCompilerIsForCryptographyAlone() throws Exception {
    Path program = folder.resolve("Busy.java");
    Files.writeString(program, BUSY);

    RealJava.Run run = java(program.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    Set<String> large = new TreeSet<>();
    Set<String> small = new TreeSet<>();
    run.out().stream()
        .map(COMPILED::matcher)
        .filter(Matcher::matches)
        .forEach(
            line -> (line.group("level").equals("4") ? large : small).add(line.group("method")));
    assertThat(small).contains("Busy.sum");
    assertThat(large)
        .isNotEmpty()
        .allMatch(
            method ->
                method.startsWith("com.sun.crypto.provider.")
                    || method.startsWith("sun.security.provider."));
  }

  private static final String BUSY =
      """
      import java.lang.management.ManagementFactory;
      import javax.crypto.Cipher;
      import javax.crypto.spec.GCMParameterSpec;
      import javax.crypto.spec.SecretKeySpec;
      import javax.management.ObjectName;

      class Busy {
        /** Until both have been through the compilers, or for half a minute. */
        public static void main(String[] args) throws Exception {
          byte[] data = new byte[16 * 1024];
          long end = System.nanoTime() + 30_000_000_000L;
          String code = "";
          for (int i = 0; !done(code) && System.nanoTime() < end; i++) {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] nonce = new byte[12];
            nonce[0] = (byte) i;
            nonce[1] = (byte) (i >> 8);
            nonce[2] = (byte) (i >> 16);
            cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(new byte[16], "AES"),
                new GCMParameterSpec(128, nonce));
            sum += sum(cipher.doFinal(data));
            code = i % 500 == 499 ? code() : code;
          }
          System.out.print(code);
        }

        static boolean done(String code) {
          return code.lines().anyMatch(line -> line.matches("\\\\d+ [14] \\\\d+ Busy.sum.*"))
              && code.lines().anyMatch(line -> line.matches("\\\\d+ 4 \\\\d+ com.sun.crypto.*GHASH.*"));
        }

        static String code() throws Exception {
          return (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "compilerCodelist",
                      new Object[0],
                      new String[0]);
        }

        static long sum;

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
