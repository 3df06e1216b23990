import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks ({@code check}) or applies ({@code apply}) google-java-format to every source of every
 * module, in one JVM. Run by the build, from source, with the formatter on the class path.
 */
final class Format {
  private Format() {}

  public static void main(String[] args) throws Exception {
    boolean apply = args[0].equals("apply");
    Path root = Path.of(args[1]);
    List<String> arguments =
        new ArrayList<>(
            apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    for (Path file : sources(root)) {
      arguments.add(file.toString());
    }
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int exit = new Main(out, err, System.in).format(arguments.toArray(String[]::new));
    if (exit != 0) {
      System.err.println(
          apply
              ? "error: the files named above cannot be formatted; do they compile?"
              : "error: the files named above are not formatted; run ./mbb format");
    }
    System.exit(exit);
  }

  private static List<Path> sources(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path module : modules.sorted().toList()) {
        addJava(module.resolve("src"), files);
      }
    }
    addJava(root.resolve("tools").resolve("format"), files);
    addJava(root.resolve("tools").resolve("interop").resolve("java").resolve("src"), files);
    return files;
  }

  private static void addJava(Path folder, List<Path> files) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> walk = Files.walk(folder)) {
        walk.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
      }
    }
  }
}
