package org.messagebusbridge.sandbox;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** The handlers of a new connection: TLS, HTTP, the upgrade. */
final class WebSocketPipeline extends ChannelInitializer<Channel> {
  private static final int MAX_REQUEST_BYTES = 64 * 1024;

  private final WebSocketService service;
  private final @Nullable SSLContext tls;
  private final boolean requireClientCertificate;
  private final boolean compression;
  private final int maxMessageBytes;
  private final WebSocketServerHandshakerFactory handshakers;

  WebSocketPipeline(WebSocketService service, WebSocketServiceBuilder settings) {
    this.service = service;
    this.tls = settings.tls;
    this.requireClientCertificate = settings.requireClientCertificate;
    this.compression = settings.compression;
    this.maxMessageBytes = settings.maxMessageBytes;
    WebSocketDecoderConfig decoder =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(settings.maxMessageBytes)
            .allowExtensions(settings.compression)
            .build();
    this.handshakers =
        new WebSocketServerHandshakerFactory(
            "ws://127.0.0.1", String.join(",", settings.subprotocols), decoder);
  }

  @Override
  protected void initChannel(Channel channel) {
    service.connected(channel);
    ChannelPipeline pipeline = channel.pipeline();
    if (tls != null) {
      SSLEngine engine = tls.createSSLEngine();
      engine.setUseClientMode(false);
      engine.setNeedClientAuth(requireClientCertificate);
      pipeline.addLast(new SslHandler(engine));
    }
    pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_REQUEST_BYTES));
    if (compression) {
      pipeline.addLast(new WebSocketServerCompressionHandler(maxMessageBytes));
    }
    pipeline.addLast(new UpgradeHandler(service, handshakers));
  }
}
