package org.messagebusbridge.sandbox.junit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A headless Chromium with one tab, led by the DevTools protocol. It keeps what the page says on
 * its console, what the browser complains of, and every address that is asked for.
 */
public final class Browser implements AutoCloseable, WebSocket.Listener {

  /** What it takes; also the name of its package. */
  public static final String COMMAND = "chromium";

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final StringBuilder partial = new StringBuilder();
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final WebSocket socket;

  /**
   * Starts it.
   *
   * @param profile a folder that is not there yet
   */
  public Browser(Path profile) throws Exception {
    process =
        new ProcessBuilder(
                COMMAND,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile,
                "--remote-debugging-port=0",
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create(address(profile.resolve("DevToolsActivePort"))), this)
            .get(30, TimeUnit.SECONDS);
    call("Runtime.enable");
    call("Log.enable");
    call("Network.enable");
    call("Page.enable");
  }

  private String address(Path file) throws Exception {
    List<String> lines = await("the browser's port", () -> linesOf(file), l -> l.size() > 1);
    URI list = URI.create("http://127.0.0.1:" + lines.getFirst() + "/json/list");
    JsonNode tabs = await("the browser's tab", () -> JSON.readTree(get(list)), t -> t.size() > 0);
    return tabs.get(0).path("webSocketDebuggerUrl").asText();
  }

  private String get(URI address) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(address).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private List<String> linesOf(Path file) throws IOException {
    if (!process.isAlive()) {
      throw new IllegalStateException("the browser ended with " + process.exitValue());
    }
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Shows a page, and waits until it has loaded. */
  public void open(URI page) throws Exception {
    call("Page.navigate", "url", page.toString());
    await("the page", () -> evaluate("document.readyState"), "complete"::equals);
  }

  /** What {@code source} gives once it is as wanted, for which there is a minute. */
  public static <T> T await(String what, Callable<T> source, Predicate<T> wanted) throws Exception {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    T value = source.call();
    while (!wanted.test(value)) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            what + " is not there after " + DEADLINE.toSeconds() + " s, but " + value);
      }
      Thread.sleep(20);
      value = source.call();
    }
    return value;
  }

  /** What a JavaScript expression is, as text. */
  public String evaluate(String expression) throws Exception {
    JsonNode answer = call("Runtime.evaluate", "expression", "String(" + expression + ")");
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(answer.path("exceptionDetails").toString());
    }
    return answer.path("result").path("value").asText();
  }

  /** The size of the window, and whether it prefers dark pages. */
  public void look(int width, int height, boolean dark) throws Exception {
    ObjectNode size = JSON.createObjectNode();
    size.put("width", width).put("height", height).put("deviceScaleFactor", 1);
    size.put("mobile", width < 600);
    call("Emulation.setDeviceMetricsOverride", size);
    ObjectNode media = JSON.createObjectNode();
    media
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", dark ? "dark" : "light");
    call("Emulation.setEmulatedMedia", media);
  }

  /** Writes a picture (PNG) of the whole page. */
  public void picture(Path file) throws Exception {
    ObjectNode whole = JSON.createObjectNode().put("captureBeyondViewport", true);
    String data = call("Page.captureScreenshot", whole).path("data").asText();
    Files.write(file, Base64.getDecoder().decode(data));
  }

  /** Errors and warnings so far, of the page's script and of the browser. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** The addresses that were asked for so far. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private JsonNode call(String method, String... parameters) throws Exception {
    ObjectNode all = JSON.createObjectNode();
    for (int i = 0; i < parameters.length; i += 2) {
      all.put(parameters[i], parameters[i + 1]);
    }
    return call(method, all);
  }

  private JsonNode call(String method, ObjectNode parameters) throws Exception {
    int id = calls.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    socket.sendText(message.toString(), true).get(10, TimeUnit.SECONDS);
    return answer.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      try {
        received(JSON.readTree(partial.toString()));
      } catch (IOException e) {
        complaints.add("the browser sent no JSON: " + e);
      }
      partial.setLength(0);
    }
    from.request(1);
    return CompletableFuture.completedStage(null);
  }

  private void received(JsonNode message) {
    JsonNode parameters = message.path("params");
    switch (message.path("method").asText()) {
      case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded" ->
          complaints.add(parameters.toString());
      case "Network.requestWillBeSent" ->
          requests.add(parameters.path("request").path("url").asText());
      default -> {}
    }
    CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt());
    if (answer != null) {
      answer.complete(message.path("result"));
    }
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    client.shutdownNow();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
