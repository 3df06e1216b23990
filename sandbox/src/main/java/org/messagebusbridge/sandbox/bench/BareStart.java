package org.messagebusbridge.sandbox.bench;

import com.neovisionaries.ws.client.WebSocketException;
import com.neovisionaries.ws.client.WebSocketFactory;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/**
 * The least that a program on the bridge's libraries does before it could relay: two connections to
 * the broker, one to the WebSocket service, one after the other. Its settings are in the
 * environment: {@code BARE_PORT}, {@code BARE_USER}, {@code BARE_PASSWORD}, {@code BARE_URL}.
 */
public final class BareStart {

  /** What it prints when all three stand. */
  static final String READY = "ready";

  private BareStart() {}

  /** Connects, says so, and ends when its standard input does, or by a signal. */
  public static void main(String[] args) throws IOException, TimeoutException, WebSocketException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(Integer.parseInt(System.getenv("BARE_PORT")));
    factory.setUsername(System.getenv("BARE_USER"));
    factory.setPassword(System.getenv("BARE_PASSWORD"));
    Connection consuming = factory.newConnection("bare consumer");
    Connection publishing = factory.newConnection("bare publisher");
    consuming.createChannel();
    publishing.createChannel();
    new WebSocketFactory().createSocket(System.getenv("BARE_URL")).connect();
    System.out.println(READY);
    System.in.read();
  }
}
