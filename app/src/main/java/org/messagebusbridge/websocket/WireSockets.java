package org.messagebusbridge.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.tls.WrappedTlsSockets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of one connection: their streams are a {@link WireInput} and a {@link WireOutput},
 * and all of them, also those that lost the race between a host's addresses, can be closed at once
 * from outside ({@link #abort}), which ends whatever blocks on them.
 */
final class WireSockets {
  private static final Logger log = LoggerFactory.getLogger(WireSockets.class);

  private final Peer peer;
  private final long maxMessageBytes;
  private final BooleanSupplier permitted;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean aborted;
  private volatile @Nullable WireInput input;
  private volatile @Nullable WireOutput output;

  /**
   * @param permitted asked before each write: whether anything may be written still
   */
  WireSockets(Peer peer, long maxMessageBytes, BooleanSupplier permitted) {
    this.peer = peer;
    this.maxMessageBytes = maxMessageBytes;
    this.permitted = permitted;
  }

  /** The stream that the library reads from, once it does. */
  Optional<WireInput> input() {
    return Optional.ofNullable(input);
  }

  /** The stream that the library writes to, once it does. */
  Optional<WireOutput> output() {
    return Optional.ofNullable(output);
  }

  /** Closes every socket there is and every one that is still made. */
  void abort() {
    aborted = true;
    sockets.forEach(WireSockets::cutOff);
  }

  /**
   * Closes at once. Without the linger option a TLS socket would wait, to say goodbye, for the
   * thread that is stuck writing to it.
   */
  private static void cutOff(Socket socket) {
    try (socket) {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
      }
    } catch (IOException e) {
      log.atDebug().setCause(e).log("A socket was closed already when it was cut off");
    }
  }

  private <S extends Socket> S track(S socket) {
    sockets.add(socket);
    try {
      socket.setTcpNoDelay(true);
    } catch (SocketException e) {
      log.atDebug().setCause(e).log("A socket is used as it is, with Nagle's algorithm");
    }
    if (aborted) {
      cutOff(socket);
    }
    return socket;
  }

  InputStream guard(InputStream from) {
    WireInput guarded = new WireInput(from, maxMessageBytes);
    input = guarded;
    return guarded;
  }

  OutputStream guard(OutputStream to) {
    WireOutput guarded = new WireOutput(new RequestOutput(to, peer.authority()), permitted);
    output = guarded;
    return guarded;
  }

  /** For {@code ws://}. */
  SocketFactory plain() {
    return new Unconnected(() -> track(new PlainSocket()));
  }

  /** For the way to an HTTP proxy; with TLS over the tunnel, its sockets guard the streams. */
  SocketFactory tunnel() {
    return new Unconnected(() -> track(new TunnelSocket()));
  }

  /** Where to connect to; the library may have the wrong port, as {@link RequestOutput} says. */
  SocketAddress withRightPort(SocketAddress endpoint) {
    return new InetSocketAddress(((InetSocketAddress) endpoint).getAddress(), peer.port());
  }

  /** For {@code wss://}: the sockets of {@code factory}, guarded, by themselves or in a tunnel. */
  SSLSocketFactory tls(SSLSocketFactory factory) {
    return new WrappedTlsSockets(factory, socket -> track(new GuardedTlsSocket(socket, this)));
  }

  /** A factory of sockets that are not connected yet, for the library asks for no others. */
  private static final class Unconnected extends SocketFactory {
    private final Supplier<? extends Socket> sockets;

    Unconnected(Supplier<? extends Socket> sockets) {
      this.sockets = sockets;
    }

    @Override
    public Socket createSocket() {
      return sockets.get();
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
      throw new UnsupportedOperationException();
    }
  }

  /** A socket whose streams are guarded. */
  private final class PlainSocket extends Socket {
    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      super.connect(withRightPort(endpoint), timeout);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return guard(super.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return guard(super.getOutputStream());
    }
  }

  /**
   * A socket to an HTTP proxy. The library takes its streams twice: first to ask for a tunnel and
   * to read the answer, then for what goes through the tunnel, which is a WebSocket, or TLS.
   */
  private final class TunnelSocket extends Socket {
    private boolean answered;
    private boolean asked;

    @Override
    public InputStream getInputStream() throws IOException {
      InputStream proxy = super.getInputStream();
      if (!answered) {
        answered = true;
        return ResponseHead.tunnelAnswer(proxy);
      }
      return peer.secure() ? proxy : guard(proxy);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      OutputStream proxy = super.getOutputStream();
      if (!asked) {
        asked = true;
        return new RequestOutput(proxy, peer.address());
      }
      return peer.secure() ? proxy : guard(proxy);
    }
  }
}
