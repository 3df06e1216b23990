package org.messagebusbridge.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Sets the same parameters on each socket that another factory makes. */
final class CheckedSocketFactory extends SSLSocketFactory {
  private final SSLSocketFactory sockets;
  private final SSLParameters parameters;

  CheckedSocketFactory(SSLSocketFactory sockets, SSLParameters parameters) {
    this.sockets = sockets;
    this.parameters = parameters;
  }

  private Socket checked(Socket socket) {
    ((SSLSocket) socket).setSSLParameters(parameters);
    return socket;
  }

  @Override
  public Socket createSocket() throws IOException {
    return checked(sockets.createSocket());
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    return checked(sockets.createSocket(plain, host, port, autoClose));
  }

  @Override
  public Socket createSocket(Socket plain, InputStream consumed, boolean autoClose)
      throws IOException {
    return checked(sockets.createSocket(plain, consumed, autoClose));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return checked(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return checked(sockets.createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return checked(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return checked(sockets.createSocket(host, port, localHost, localPort));
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
