import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Says what the test reports of a build say: what was skipped and why, then one line with the
 * counts. Run by ./mbb, from source.
 */
final class Summary {
  private Summary() {}

  /**
   * Reads the reports of all modules.
   *
   * @param args the repository, and a file that is as old as the build: older reports are another's
   */
  public static void main(String[] args) throws Exception {
    DocumentBuilder parser = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
    Map<String, Integer> reasons = new TreeMap<>();
    int tests = 0;
    int failed = 0;
    int skipped = 0;
    for (Path report : reports(Path.of(args[0]), Files.getLastModifiedTime(Path.of(args[1])))) {
      Element suite = parser.parse(report.toFile()).getDocumentElement();
      tests += count(suite, "tests");
      failed += count(suite, "errors") + count(suite, "failures");
      skipped += count(suite, "skipped");
      NodeList skips = suite.getElementsByTagName("skipped");
      for (int i = 0; i < skips.getLength(); i++) {
        Element skip = (Element) skips.item(i);
        String name = ((Element) skip.getParentNode()).getAttribute("classname");
        reasons.merge(name.replaceFirst(".*\\.", "") + ": " + reason(skip), 1, Integer::sum);
      }
    }
    if (!reasons.isEmpty()) {
      System.out.println("\nSkipped:");
      reasons.forEach((reason, times) -> System.out.println("  " + times + " in " + reason));
    }
    System.out.printf(
        "%n%d passed, %d failed, %d skipped%n", tests - failed - skipped, failed, skipped);
  }

  private static List<Path> reports(Path root, FileTime since) throws IOException {
    List<Path> reports = new ArrayList<>();
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path module : modules) {
        Path folder = module.resolve("target/surefire-reports");
        if (Files.isDirectory(folder)) {
          try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "TEST-*.xml")) {
            files.forEach(reports::add);
          }
        }
      }
    }
    List<Path> recent = new ArrayList<>();
    for (Path report : reports) {
      if (Files.getLastModifiedTime(report).compareTo(since) > 0) {
        recent.add(report);
      }
    }
    return recent;
  }

  private static int count(Element suite, String name) {
    return Integer.parseInt("0" + suite.getAttribute(name));
  }

  /** The message; else the first line of what was thrown, without the name of its class. */
  private static String reason(Element skip) {
    String message = skip.getAttribute("message").strip();
    if (message.isEmpty()) {
      message =
          skip.getTextContent()
              .lines()
              .findFirst()
              .orElse("")
              .replaceFirst("^\\S*: ", "")
              .replaceFirst("^Assumption failed: ", "needs ");
    }
    return message.isEmpty() ? "no reason given" : message.replaceAll("\\s*\\R\\s*", " ");
  }
}
