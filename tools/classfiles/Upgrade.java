import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Raises the class files of old libraries to the version of Java 8, in place, so that the JDK takes
 * them into its cache of classes (JEP 483): it leaves out those below version 50, which have no
 * stack maps to verify them by. Run by the build, from source, on the folder with the jars of a
 * module. A jar without such a class stays as it is, so that a second run changes nothing; the same
 * jar gives the same bytes.
 */
final class Upgrade {
  /** The first version that is verified by stack maps alone is 51, of Java 7. */
  private static final int BELOW = 50;

  private static final int TO = ClassFile.JAVA_8_VERSION;
  private static final String NOTE =
      "This is not the original: its class files were raised to version %d for MessageBusBridge";

  private Upgrade() {}

  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        upgrade(jar);
      }
    } catch (IOException | IllegalArgumentException e) {
      // as Maven says it, so that ./mbb shows it
      System.err.println("[ERROR] The class files in " + folder + " cannot be raised: " + e);
      System.exit(1);
    }
  }

  private static void upgrade(Path jar) throws IOException {
    Map<ZipEntry, byte[]> entries = entries(jar);
    Map<String, byte[]> old = new LinkedHashMap<>();
    entries.forEach(
        (entry, bytes) -> {
          if (entry.getName().endsWith(".class") && version(bytes) < BELOW) {
            old.put(entry.getName(), bytes);
          }
        });
    if (old.isEmpty()) {
      return;
    }
    if (entries.keySet().stream().anyMatch(Upgrade::isSignature)) {
      throw new IllegalArgumentException(jar + " is signed, and would not be any more");
    }
    ClassFile upgrader = upgrader(old);
    Path made = jar.resolveSibling(jar.getFileName() + ".new");
    try (OutputStream file = Files.newOutputStream(made);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (Map.Entry<ZipEntry, byte[]> each : entries.entrySet()) {
        String name = each.getKey().getName();
        byte[] bytes = each.getValue();
        if (old.containsKey(name)) {
          bytes = upgrade(upgrader, jar, name, bytes);
        } else if (name.equals(JarFile.MANIFEST_NAME)) {
          bytes = withNote(bytes);
        }
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(each.getKey().getTimeLocal());
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
      }
    }
    Files.move(made, jar, StandardCopyOption.REPLACE_EXISTING);
    System.out.println(jar.getFileName() + ": " + old.size() + " class files raised to " + TO);
  }

  private static Map<ZipEntry, byte[]> entries(Path jar) throws IOException {
    Map<ZipEntry, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile file = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : file.stream().map(ZipEntry.class::cast).toList()) {
        try (var in = file.getInputStream(entry)) {
          entries.put(entry, in.readAllBytes());
        }
      }
    } catch (IOException e) {
      throw new IOException(jar + ": " + e.getMessage(), e);
    }
    return entries;
  }

  /** Of a class file: bytes 6 and 7 (JVM specification, 4.1). */
  private static int version(byte[] file) {
    return file.length < 8 ? Integer.MAX_VALUE : (file[6] & 0xff) << 8 | file[7] & 0xff;
  }

  private static boolean isSignature(ZipEntry entry) {
    String name = entry.getName().toUpperCase(Locale.ROOT);
    return name.startsWith("META-INF/")
        && (name.endsWith(".SF") || name.endsWith(".RSA") || name.endsWith(".EC"));
  }

  /** Knows the classes of the jar, and the JDK's. */
  private static ClassFile upgrader(Map<String, byte[]> classes) {
    ClassHierarchyResolver ofJar =
        ClassHierarchyResolver.ofResourceParsing(
            type -> {
              String descriptor = type.descriptorString();
              byte[] bytes =
                  classes.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
              return bytes == null ? null : new ByteArrayInputStream(bytes);
            });
    return ClassFile.of(
        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
        // or the code would be copied as it is
        ClassFile.ConstantPoolSharingOption.NEW_POOL,
        ClassFile.ClassHierarchyResolverOption.of(
            ofJar.orElse(ClassHierarchyResolver.defaultResolver())));
  }

  private static byte[] upgrade(ClassFile upgrader, Path jar, String name, byte[] bytes) {
    ClassModel before = upgrader.parse(bytes);
    ClassTransform code =
        ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Upgrade::copy));
    ClassTransform version =
        (builder, element) ->
            builder.with(
                element instanceof ClassFileVersion ? ClassFileVersion.of(TO, 0) : element);
    byte[] after = upgrader.transformClass(before, code.andThen(version));
    List<VerifyError> errors = upgrader.verify(after);
    if (!errors.isEmpty()) {
      throw new IllegalArgumentException(
          name + " of " + jar + " does not pass verification: " + errors.getFirst().getMessage());
    }
    return after;
  }

  private static CodeTransform copy() {
    return (builder, element) -> builder.with(element);
  }

  /** The licence asks for it (Apache-2.0, 4b). */
  private static byte[] withNote(byte[] bytes) throws IOException {
    Manifest manifest = new Manifest(new ByteArrayInputStream(bytes));
    manifest.getMainAttributes().putValue("Changed", NOTE.formatted(TO));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    manifest.write(out);
    return out.toByteArray();
  }
}
