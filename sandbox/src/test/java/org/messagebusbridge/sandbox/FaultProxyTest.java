package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class FaultProxyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ServerSocket listener;
  private final FaultProxy proxy;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private Socket client = new Socket();
  private Socket server = new Socket();

  FaultProxyTest() throws IOException {
    listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    proxy = FaultProxy.to("127.0.0.1", listener.getLocalPort());
  }

  @BeforeEach
  void connect() throws IOException {
    client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    client.setSoTimeout(60_000);
    server = listener.accept();
    server.setSoTimeout(60_000);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    client.close();
    server.close();
    listener.close();
    executor.close();
  }

  @Test
  void movesEveryByteBothWaysAtOnceAndCountsThem() throws Exception {
    int size = 32 * 1024 * 1024;
    Future<byte[]> toServer = executor.submit(() -> send(client, 1, size));
    Future<byte[]> toClient = executor.submit(() -> send(server, 2, size + 1));
    Future<byte[]> atServer = executor.submit(() -> receive(server));
    Future<byte[]> atClient = executor.submit(() -> receive(client));

    assertThat(atServer.get()).isEqualTo(toServer.get());
    assertThat(atClient.get()).isEqualTo(toClient.get());
    assertThat(proxy.bytes(Direction.TO_SERVER)).isEqualTo(size);
    assertThat(proxy.bytes(Direction.TO_CLIENT)).isEqualTo(size + 1);
    assertThat(proxy.connections()).isEqualTo(1);
  }

  @Test
  void passesOnAnEndOfStreamAndStillMovesTheOtherWay() throws Exception {
    client.shutdownOutput();
    assertThat(server.getInputStream().read()).isEqualTo(-1);

    write(server, "late");

    assertThat(read(client, 4)).isEqualTo("late");
  }

  @Test
  void passesOnAReset() throws Exception {
    client.setSoLinger(true, 0);
    client.close();

    assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void cutsBothSidesWithAResetAndTakesNewConnections() throws Exception {
    write(client, "before");
    assertThat(read(server, 6)).isEqualTo("before");

    proxy.cut();

    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
    assertThatThrownBy(() -> server.getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
    assertThat(proxy.openConnections()).isZero();
    try (Socket again = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        Socket accepted = listener.accept()) {
      write(again, "again");
      assertThat(read(accepted, 5)).isEqualTo("again");
      assertThat(proxy.connections()).isEqualTo(2);
    }
  }

  @Test
  void endsBothSidesGracefully() throws Exception {
    proxy.closeGracefully();

    assertThat(client.getInputStream().read()).isEqualTo(-1);
    assertThat(server.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void endsGracefullyWhileStalled() throws Exception {
    proxy.stall();
    write(client, "dropped");

    proxy.closeGracefully();

    assertThat(client.getInputStream().read()).isEqualTo(-1);
    assertThat(server.getInputStream().read()).isEqualTo(-1);
    assertThat(proxy.bytes(Direction.TO_SERVER)).isZero();
  }

  @Test
  void holdsBytesWhileStalledAndLosesNone() throws Exception {
    proxy.stall();
    write(client, "held");
    assertNothingComes(server);

    proxy.resume();

    assertThat(read(server, 4)).isEqualTo("held");
  }

  @Test
  void stallsOneWayOnly() throws Exception {
    proxy.stall(Direction.TO_SERVER);
    write(client, "held");
    write(server, "free");

    assertThat(read(client, 4)).isEqualTo("free");
    assertNothingComes(server);
  }

  @Test
  void holdsAWriterBackWhileStalled() throws Exception {
    proxy.stall();
    Future<byte[]> sending = executor.submit(() -> send(client, 3, 64 * 1024 * 1024));
    assertThatThrownBy(() -> sending.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);

    proxy.resume();

    assertThat(receive(server)).isEqualTo(sending.get());
  }

  @Test
  void cutsWhileStalled() throws Exception {
    proxy.stall();
    write(client, "lost");

    proxy.cut();

    assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void delaysEachWayAndKeepsTheOrder() throws Exception {
    proxy.delay(Duration.ofMillis(100));
    Future<byte[]> sending = executor.submit(() -> send(client, 4, 20 * 1024 * 1024));
    assertThat(receive(server)).isEqualTo(sending.get());

    long before = System.nanoTime();
    write(server, "pong");
    assertThat(read(client, 4)).isEqualTo("pong");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(99));
  }

  @Test
  void keepsTheOrderWhenADelayEnds() throws Exception {
    proxy.delay(Duration.ofMillis(200));
    write(client, "first ");
    proxy.delay(Duration.ZERO);
    write(client, "second");
    client.shutdownOutput();

    assertThat(new String(server.getInputStream().readAllBytes(), UTF_8)).isEqualTo("first second");
  }

  @Test
  void swallowsAllWhenHalfOpenAndLetsNewConnectionsWork() throws Exception {
    proxy.halfOpen();
    write(client, "into the void");
    server.close();
    assertNothingComes(client);
    send(client, 5, 16 * 1024 * 1024);
    assertThat(proxy.bytes(Direction.TO_SERVER)).isZero();

    try (Socket again = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        Socket accepted = listener.accept()) {
      write(again, "again");
      assertThat(read(accepted, 5)).isEqualTo("again");
    }
  }

  @Test
  void swallowsOneWayOnly() throws Exception {
    proxy.halfOpen(Direction.TO_CLIENT);
    write(server, "void");
    write(client, "free");

    assertThat(read(server, 4)).isEqualTo("free");
    assertNothingComes(client);
  }

  @Test
  void resetsNewConnectionsWhileItRefusesAndKeepsTheOldOnes() throws Exception {
    proxy.refuse();
    assertThatThrownBy(
            () -> {
              try (Socket refused = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
                int _ = refused.getInputStream().read();
              }
            })
        .isInstanceOf(SocketException.class);
    write(client, "kept");
    assertThat(read(server, 4)).isEqualTo("kept");
    assertThat(proxy.refusedConnections()).isEqualTo(1);

    proxy.accept();

    try (Socket again = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        Socket accepted = listener.accept()) {
      write(again, "again");
      assertThat(read(accepted, 5)).isEqualTo("again");
    }
    assertThat(proxy.connections()).isEqualTo(2);
  }

  @Test
  void cutsAfterExactlySoManyBytes() throws Exception {
    write(client, "uncounted");
    assertThat(read(server, 9)).isEqualTo("uncounted");
    proxy.cutAfterBytes(100_000, Direction.TO_SERVER);
    var _ = executor.submit(() -> send(client, 6, 300_000));

    byte[] buffer = new byte[65_536];
    int count = 0;
    try {
      for (int read = 0; read >= 0; read = server.getInputStream().read(buffer)) {
        count += read;
      }
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    assertThat(count).isEqualTo(100_000);
    assertThat(proxy.bytes(Direction.TO_SERVER)).isEqualTo(100_009);
  }

  @Test
  void resetsAClientWhoseServerIsNotThere() throws Exception {
    try (FaultProxy toNobody = FaultProxy.to("127.0.0.1", FreePorts.next());
        Socket lost = new Socket(InetAddress.getLoopbackAddress(), toNobody.port())) {
      assertThatThrownBy(() -> lost.getInputStream().read()).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void waitsForBytesToPass() throws Exception {
    write(client, "12345");

    proxy.awaitBytes(Direction.TO_SERVER, 5, PATIENCE);

    assertThatThrownBy(() -> proxy.awaitBytes(Direction.TO_SERVER, 6, Duration.ofMillis(10)))
        .isInstanceOf(SandboxException.class)
        .hasMessage("The proxy moved 5 of 6 bytes within 10 ms");
  }

  private static void assertNothingComes(Socket socket) throws IOException {
    socket.setSoTimeout(100);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(60_000);
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  private static String read(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), UTF_8);
  }

  /** Sends random bytes and then the end of the stream. */
  private static byte[] send(Socket socket, long seed, int size) throws Exception {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    socket.getOutputStream().write(bytes);
    socket.shutdownOutput();
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static byte[] receive(Socket socket) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[65_536];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      digest.update(buffer, 0, read);
    }
    return digest.digest();
  }
}
