package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An image's tarball, unpacked: what it says of itself, its layers as files, and a way to run it.
 */
record UnpackedImage(Path root, JsonNode config, List<String> entries) {

  static UnpackedImage of(Path tarball, Path folder) throws IOException, InterruptedException {
    Path parts = Files.createDirectories(folder.resolve("parts"));
    Path root = Files.createDirectories(folder.resolve("root"));
    tar("-xf", tarball.toString(), "-C", parts.toString());
    JsonNode manifest = Variant.read(parts.resolve("manifest.json")).get(0);
    List<String> entries = new ArrayList<>();
    for (JsonNode layer : manifest.get("Layers")) {
      String file = parts.resolve(layer.asText()).toString();
      entries.addAll(tar("--full-time", "--utc", "-tvzf", file).lines().toList());
      tar("-xzf", file, "-C", root.toString());
    }
    return new UnpackedImage(
        root, Variant.read(parts.resolve(manifest.get("Config").asText())), entries);
  }

  private static String tar(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("tar", "--warning=no-unknown-keyword"));
    command.addAll(List.of(arguments));
    Process tar = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(tar.getInputStream().readAllBytes(), UTF_8);
    assertThat(tar.waitFor()).as(output).isZero();
    return output;
  }

  /** What a container engine would run, with these arguments and no environment but this. */
  Process start(Map<String, String> environment, Path log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add("tools/image-root/run");
    command.add(root.resolve("app").toString());
    command.add(config.at("/config/User").asText());
    config.at("/config/Entrypoint").forEach(word -> command.add(word.asText()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("..").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().putAll(environment);
    return builder.start();
  }
}
