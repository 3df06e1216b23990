package org.messagebusbridge.sandbox.junit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.interop.Front;
import org.messagebusbridge.sandbox.interop.Peer;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * Parts of the machine that a test cannot do without. Where one is absent the test is skipped, with
 * a line that names it; but where {@code CI} is {@code true} the test fails, so that nothing is
 * left untested there unseen. Call these first in the test or in a {@code @BeforeAll}.
 */
public final class Needs {

  private final Map<String, String> environment;

  Needs(Map<String, String> environment) {
    this.environment = environment;
  }

  /** A RabbitMQ of that version. */
  public static void rabbit(RabbitVersion version) {
    here().part(version.missing());
  }

  /** An emulator of AWS, for {@link AwsEndpoint}. */
  public static void aws() {
    here().part(AwsEndpoint.missing());
  }

  /** An echo service on that foreign server. */
  public static void peer(Peer peer) {
    here().part(peer.missing());
  }

  /** A proxy before such a service. */
  public static void front(Front front) {
    here().part(front.missing());
  }

  /**
   * A command on the {@code PATH}.
   *
   * @param name such as {@code tmux}, which is taken for the name of its package, too
   */
  public static void command(String name) {
    here().executable(name);
  }

  /**
   * A file, for what is installed neither by a package nor on the {@code PATH}.
   *
   * @param file what is there once it is installed
   * @param name what people call it
   * @param install the command that gets it
   */
  public static void file(Path file, String name, String install) {
    here().installed(file, name, install);
  }

  void installed(Path file, String name, String install) {
    part(
        Files.exists(file)
            ? Optional.empty()
            : Optional.of("%s is not installed; get it with: %s".formatted(name, install)));
  }

  void executable(String name) {
    boolean found =
        Pattern.compile(Pattern.quote(File.pathSeparator))
            .splitAsStream(environment.getOrDefault("PATH", ""))
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, name))
            .anyMatch(file -> Files.isRegularFile(file) && Files.isExecutable(file));
    part(
        found
            ? Optional.empty()
            : Optional.of(name + " is not on the PATH; get it with: apt-get install " + name));
  }

  void part(Optional<String> missing) {
    if (missing.isEmpty()) {
      return;
    }
    if ("true".equals(environment.get("CI"))) {
      throw new AssertionFailedError(missing.get());
    }
    throw new TestAbortedException("skipped: " + missing.get());
  }

  private static Needs here() {
    return new Needs(System.getenv());
  }
}
