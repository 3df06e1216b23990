package org.messagebusbridge.sandbox;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Answers the HTTP request of a connection: with the upgrade, or with a refusal after which it is
 * closed.
 */
final class UpgradeHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final WebSocketService service;
  private final WebSocketServerHandshakerFactory handshakers;

  UpgradeHandler(WebSocketService service, WebSocketServerHandshakerFactory handshakers) {
    this.service = service;
    this.handshakers = handshakers;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest http) {
    HandshakeRequest request = read(context, http);
    Optional<HttpRefusal> refusal =
        http.decoderResult().isFailure()
            ? Optional.of(HttpRefusal.of(400, "not an HTTP request"))
            : service.refusal(request).or(() -> notWebSocket(http.headers()));
    if (refusal.isPresent()) {
      refuse(context, request, refusal.get());
      return;
    }
    WebSocketServerHandshaker handshaker = handshakers.newHandshaker(http);
    if (handshaker == null) {
      HttpRefusal version = HttpRefusal.of(426, "this service speaks WebSocket version 13");
      refuse(context, request, version.with("Sec-WebSocket-Version", "13"));
      return;
    }
    // The service knows of the connection before the client can: whoever has seen the 101 finds it
    // counted.
    context.pipeline().remove(this);
    service.opened(context.channel(), new Handshake(request, 101, ""));
    var _ = handshaker.handshake(context.channel(), http);
  }

  private static Optional<HttpRefusal> notWebSocket(HttpHeaders headers) {
    boolean upgrade =
        headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
            && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
            && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    return upgrade
        ? Optional.empty()
        : Optional.of(HttpRefusal.of(400, "not a WebSocket handshake"));
  }

  private void refuse(
      ChannelHandlerContext context, HandshakeRequest request, HttpRefusal refusal) {
    service.refused(new Handshake(request, refusal.status(), refusal.body()));
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(refusal.status()),
            ByteBufUtil.writeUtf8(context.alloc(), refusal.body()));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, refusal.contentType());
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    refusal.headers().forEach(response.headers()::set);
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private static HandshakeRequest read(ChannelHandlerContext context, FullHttpRequest http) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (Map.Entry<String, String> header : http.headers()) {
      headers.computeIfAbsent(header.getKey(), name -> new ArrayList<>()).add(header.getValue());
    }
    return new HandshakeRequest(
        http.method().name(), http.uri(), headers, clientCertificate(context));
  }

  private static Optional<String> clientCertificate(ChannelHandlerContext context) {
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (tls == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(tls.engine().getSession().getPeerPrincipal().getName());
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Failures.handle(context, cause);
  }
}
