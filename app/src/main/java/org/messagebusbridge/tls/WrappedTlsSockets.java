package org.messagebusbridge.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A TLS socket factory that hands out the sockets of another one, each as a function makes it. */
public final class WrappedTlsSockets extends SSLSocketFactory {
  private final SSLSocketFactory sockets;
  private final UnaryOperator<SSLSocket> wrapper;

  /**
   * @param wrapper makes what is handed out of what was made; may change that and return it
   */
  public WrappedTlsSockets(SSLSocketFactory sockets, UnaryOperator<SSLSocket> wrapper) {
    this.sockets = sockets;
    this.wrapper = wrapper;
  }

  private Socket wrapped(Socket socket) {
    return wrapper.apply((SSLSocket) socket);
  }

  @Override
  public Socket createSocket() throws IOException {
    return wrapped(sockets.createSocket());
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    return wrapped(sockets.createSocket(plain, host, port, autoClose));
  }

  @Override
  public Socket createSocket(Socket plain, InputStream consumed, boolean autoClose)
      throws IOException {
    return wrapped(sockets.createSocket(plain, consumed, autoClose));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return wrapped(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return wrapped(sockets.createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return wrapped(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return wrapped(sockets.createSocket(host, port, localHost, localPort));
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
