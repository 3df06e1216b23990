package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.neovisionaries.ws.client.WebSocket;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the build does to the class files of old libraries, on the two that the bridge has. */
class ClassFilesTest {
  private static final Path TOOL = Path.of("..", "tools", "classfiles", "Upgrade.java");

  @TempDir private Path directory;
  private Path lib = Path.of("");
  private final Map<String, Path> originals = new LinkedHashMap<>();

  @BeforeEach
  void copyBothLibraries() throws IOException, URISyntaxException {
    lib = Files.createDirectory(directory.resolve("lib"));
    for (Class<?> of : List.of(WebSocket.class, CommandLine.class)) {
      Path jar = Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
      String name = jar.getFileName().toString();
      originals.put(name, jar);
      Files.copy(jar, lib.resolve(name));
    }
  }

  private RealJava.Run raise() throws IOException, InterruptedException {
    return new RealJava(directory).run(TOOL.toString(), lib.toString());
  }

  private static Map<String, byte[]> entries(Path jar) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile file = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : file.stream().map(ZipEntry.class::cast).toList()) {
        entries.put(entry.getName(), file.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  private static List<String> classes(Path jar, IntPredicate version) throws IOException {
    return entries(jar).entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(".class"))
        .filter(entry -> version.test(entry.getValue()[7]))
        .map(entry -> entry.getKey().replace(".class", "").replace('/', '.'))
        .toList();
  }

  @Test
  void raisesEveryClassThatIsTooOldAndNothingElse() throws Exception {
    RealJava.Run run = raise();

    List<String> said = new ArrayList<>();
    for (Map.Entry<String, Path> original : originals.entrySet()) {
      Path raised = lib.resolve(original.getKey());
      List<String> old = classes(original.getValue(), version -> version < 50);
      assertThat(old).hasSizeGreaterThan(60);
      assertThat(classes(raised, version -> version == 52)).containsExactlyElementsOf(old);
      assertThat(classes(raised, version -> version < 52)).isEmpty();
      said.add(original.getKey() + ": " + old.size() + " class files raised to 52");
      Map<String, byte[]> before = entries(original.getValue());
      Map<String, byte[]> after = entries(raised);
      assertThat(after.keySet()).containsExactlyElementsOf(before.keySet());
      before.forEach(
          (name, bytes) -> {
            if (!name.equals(JarFile.MANIFEST_NAME)
                && !old.contains(name.replace(".class", "").replace('/', '.'))) {
              assertThat(after.get(name)).as(name).isEqualTo(bytes);
            }
          });
      assertThat(new String(after.get(JarFile.MANIFEST_NAME), StandardCharsets.UTF_8))
          .contains("Changed: This is not the original: its class files were raised");
    }
    assertThat(run).isEqualTo(new RealJava.Run(0, said, List.of()));
  }

  @Test
  void everyRaisedClassIsVerifiedByTheJvm() throws Exception {
    raise();

    URL[] jars = new URL[originals.size()];
    int next = 0;
    for (String name : originals.keySet()) {
      jars[next++] = lib.resolve(name).toUri().toURL();
    }
    int verified = 0;
    try (URLClassLoader loader = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
      for (String jar : originals.keySet()) {
        for (String name : classes(lib.resolve(jar), version -> version == 52)) {
          // which initializes it, and so verifies it before
          assertThat(Class.forName(name, true, loader).getClassLoader()).isSameAs(loader);
          verified++;
        }
      }
    }
    assertThat(verified).isGreaterThan(250);
  }

  @Test
  void aSecondRunChangesNothing() throws Exception {
    raise();
    Map<String, byte[]> once = new LinkedHashMap<>();
    for (String name : originals.keySet()) {
      once.put(name, Files.readAllBytes(lib.resolve(name)));
    }

    assertThat(raise()).isEqualTo(new RealJava.Run(0, List.of(), List.of()));

    for (Map.Entry<String, byte[]> jar : once.entrySet()) {
      assertThat(Files.readAllBytes(lib.resolve(jar.getKey()))).isEqualTo(jar.getValue());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theCacheOfClassesHasPicocliOnlyWhenItWasRaised(boolean raised) throws Exception {
    if (raised) {
      raise();
    }
    String jar =
        originals.keySet().stream()
            .filter(name -> name.startsWith("picocli"))
            .map(name -> lib.resolve(name).toString())
            .findFirst()
            .orElseThrow();
    Path cache = directory.resolve("classes.aot");
    String[] help = {"-cp", jar, "picocli.AutoComplete", "--help"};
    new RealJava(directory).run("-XX:AOTCacheOutput=" + cache, help[0], help[1], help[2], help[3]);
    assertThat(cache).exists();

    RealJava.Run run =
        new RealJava(directory)
            .run("-XX:AOTCache=" + cache, "-Xlog:class+load", help[0], help[1], help[2], help[3]);

    List<String> loaded =
        run.out().stream()
            .filter(line -> line.contains("] picocli.CommandLine") && line.contains(" source: "))
            .toList();
    assertThat(loaded).hasSizeGreaterThan(100);
    assertThat(loaded)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains(raised ? "source: shared objects file" : "source: file:"));
  }

  @Test
  void refusesASignedJarAndLeavesItAlone() throws Exception {
    Path signed = directory.resolve("lib/signed.jar");
    Path some = originals.values().iterator().next();
    String old = classes(some, version -> version < 50).getFirst().replace('.', '/') + ".class";
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(signed))) {
      out.putNextEntry(new ZipEntry("META-INF/KEY.SF"));
      out.putNextEntry(new ZipEntry(old));
      out.write(entries(some).get(old));
    }
    byte[] before = Files.readAllBytes(signed);

    RealJava.Run run = raise();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .singleElement()
        .asString()
        .startsWith("[ERROR] The class files in " + lib + " cannot be raised: ")
        .endsWith(signed + " is signed, and would not be any more");
    assertThat(Files.readAllBytes(signed)).isEqualTo(before);
  }

  @Test
  void saysWhichJarCannotBeRead() throws Exception {
    Path broken = Files.writeString(lib.resolve("broken.jar"), "no jar");

    RealJava.Run run = raise();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).singleElement().asString().startsWith("[ERROR] ").contains(broken + ": ");
  }
}
