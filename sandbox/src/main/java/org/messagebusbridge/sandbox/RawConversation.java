package org.messagebusbridge.sandbox;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One client of a {@link RawPeer}, for its script; used by one thread. */
public final class RawConversation {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Pattern KEY = Pattern.compile("(?mi)^Sec-WebSocket-Key: *(\\S+)");
  private static final int MAX_HEAD_BYTES = 64 * 1024;

  private final RawPeer peer;
  private final Socket socket;
  private final DataInputStream in;

  RawConversation(RawPeer peer, Socket socket) throws IOException {
    this.peer = peer;
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    socket.setTcpNoDelay(true);
  }

  /** Reads the handshake and answers it as RFC 6455, section 4.2.2, says. */
  public void open() throws IOException {
    answer(acceptFor(readRequest()));
  }

  /**
   * As {@link #open()}, with more than it takes.
   *
   * @param before what is sent before the answer: interim responses
   * @param headers more headers of the answer, each with its line's end
   */
  public void open(String before, String headers) throws IOException {
    String accept = acceptFor(readRequest());
    send(before);
    answer(accept, headers);
  }

  /** Reads the handshake: the request line and the headers, up to the empty line. */
  public String readRequest() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
      head.append((char) in.readUnsignedByte());
      if (head.length() > MAX_HEAD_BYTES) {
        throw new IOException("the request's head is larger than " + MAX_HEAD_BYTES + " bytes");
      }
    }
    return head.toString();
  }

  /** Answers the handshake with this {@code Sec-WebSocket-Accept}, right or wrong. */
  public void answer(String accept) throws IOException {
    answer(accept, "");
  }

  private void answer(String accept, String headers) throws IOException {
    send(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + headers
            + "Sec-WebSocket-Accept: "
            + accept
            + "\r\n\r\n");
  }

  /** Sends a frame. */
  public void send(RawFrame frame) throws IOException {
    send(frame.bytes());
  }

  /** Sends text as it is, in ISO 8859-1. */
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes as they are. */
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /**
   * Reads a frame, which the peer keeps too.
   *
   * @throws IOException at the end of the stream ({@link java.io.EOFException}), a reset, or a
   *     frame of more than 64 MiB
   */
  public RawFrame read() throws IOException {
    RawFrame frame = RawFrame.readFrom(in);
    peer.received(frame);
    return frame;
  }

  /** Reads until the client ends the connection, or it is lost. */
  public void readToEnd() throws IOException {
    while (true) {
      RawFrame _ = read();
    }
  }

  /** Resets the connection when the script is over, instead of ending it. */
  public void resetAtTheEnd() throws IOException {
    socket.setSoLinger(true, 0);
  }

  private static String acceptFor(String request) throws IOException {
    Matcher key = KEY.matcher(request);
    if (!key.find()) {
      throw new IOException("the handshake has no Sec-WebSocket-Key");
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key.group(1) + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-1", e);
    }
  }
}
