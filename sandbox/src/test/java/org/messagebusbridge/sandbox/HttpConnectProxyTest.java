package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class HttpConnectProxyTest {

  @Test
  void tunnelsAWebSocketToItsTarget() throws Exception {
    try (HttpConnectProxy proxy = HttpConnectProxy.open();
        WebSocketService service = WebSocketService.builder().start();
        WebSocketClient client =
            WebSocketClient.connect(through(proxy, SSLContext.getDefault()), service.url())) {
      String text = "x".repeat(1024 * 1024);
      client.sendText(text);

      assertThat(client.nextWhole()).isEqualTo("text:" + text);
      assertThat(proxy.targets()).containsExactly("127.0.0.1:" + service.port());
      assertThat(proxy.unauthorized()).isZero();
    }
  }

  @Test
  void tunnelsTls(@TempDir Path directory) throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (HttpConnectProxy proxy = HttpConnectProxy.open();
        WebSocketService service =
            WebSocketService.builder()
                .tls(certificates.serverContext(certificates.server()), false)
                .start();
        WebSocketClient client =
            WebSocketClient.connect(through(proxy, certificates.clientContext()), service.url())) {
      client.sendText("secret");

      assertThat(client.next()).isEqualTo("text:secret");
      assertThat(proxy.targets()).containsExactly("127.0.0.1:" + service.port());
    }
  }

  @Test
  void answers407UntilTheCredentialsAreRight() throws Exception {
    try (HttpConnectProxy proxy = HttpConnectProxy.withCredentials("user", "päss");
        ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String request = "CONNECT 127.0.0.1:" + target.getLocalPort() + " HTTP/1.1\r\nHost: x\r\n";
      String right = Base64.getEncoder().encodeToString("user:päss".getBytes(UTF_8));

      assertThat(firstLine(proxy, request + "\r\n"))
          .isEqualTo("HTTP/1.1 407 Proxy Authentication Required");
      assertThat(firstLine(proxy, request + "Proxy-Authorization: Basic d3Jvbmc=\r\n\r\n"))
          .isEqualTo("HTTP/1.1 407 Proxy Authentication Required");
      assertThat(proxy.targets()).isEmpty();
      assertThat(firstLine(proxy, request + "proxy-authorization: Basic " + right + "\r\n\r\n"))
          .isEqualTo("HTTP/1.1 200 Connection Established");
      assertThat(proxy.targets()).containsExactly("127.0.0.1:" + target.getLocalPort());
      assertThat(proxy.unauthorized()).isEqualTo(2);
    }
  }

  @Test
  void answersWhatItCannotDo() throws Exception {
    int closed = FreePorts.next();
    try (HttpConnectProxy proxy = HttpConnectProxy.open()) {
      assertThat(firstLine(proxy, "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n"))
          .isEqualTo("HTTP/1.1 405 Method Not Allowed");
      assertThat(firstLine(proxy, "CONNECT 127.0.0.1:" + closed + " HTTP/1.1\r\n\r\n"))
          .isEqualTo("HTTP/1.1 502 Bad Gateway");
      assertThat(firstLine(proxy, "CONNECT 127.0.0.1:99999 HTTP/1.1\r\n\r\n"))
          .isEqualTo("HTTP/1.1 502 Bad Gateway");
      assertThat(proxy.targets()).isEmpty();
    }
  }

  private static String firstLine(HttpConnectProxy proxy, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      StringBuilder line = new StringBuilder();
      for (int next = socket.getInputStream().read(); next >= 0 && next != '\r'; ) {
        line.append((char) next);
        next = socket.getInputStream().read();
      }
      return line.toString();
    }
  }

  private static HttpClient through(HttpConnectProxy proxy, SSLContext tls) {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port());
    return HttpClient.newBuilder().proxy(ProxySelector.of(address)).sslContext(tls).build();
  }
}
