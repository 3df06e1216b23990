package org.messagebusbridge.websocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** The TLS sockets of another factory, each one wrapped. */
final class GuardedTlsFactory extends SSLSocketFactory {
  private final SSLSocketFactory sockets;
  private final UnaryOperator<SSLSocket> wrapper;

  GuardedTlsFactory(SSLSocketFactory sockets, UnaryOperator<SSLSocket> wrapper) {
    this.sockets = sockets;
    this.wrapper = wrapper;
  }

  private Socket wrap(Socket socket) {
    return wrapper.apply((SSLSocket) socket);
  }

  @Override
  public Socket createSocket() throws IOException {
    return wrap(sockets.createSocket());
  }

  @Override
  public Socket createSocket(Socket tunnel, String host, int port, boolean autoClose)
      throws IOException {
    return wrap(sockets.createSocket(tunnel, host, port, autoClose));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return wrap(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return wrap(sockets.createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return wrap(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return wrap(sockets.createSocket(host, port, localHost, localPort));
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return sockets.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return sockets.getSupportedCipherSuites();
  }
}
