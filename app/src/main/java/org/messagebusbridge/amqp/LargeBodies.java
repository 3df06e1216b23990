package org.messagebusbridge.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.impl.Frame;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Assembles bodies of more than 1 MiB as their frames arrive (AMQP 0-9-1, section 4.2.6): each in
 * one array, where the client would hold all frames and then a copy beside them; and of one that is
 * larger than fits the first 64 KiB alone, the rest let go frame by frame. The client gets a header
 * with the length of what is kept and, when the last frame has come, one frame with it; heartbeats
 * until then, so that it knows the broker to be alive. For the thread that reads the connection.
 */
final class LargeBodies {
  /** How much is kept of one that does not fit, in bytes. */
  static final int KEPT = 64 << 10;

  private static final int LARGE = 1 << 20;

  /** Where a content header has the body's size: behind the class id and the weight. */
  private static final int SIZE_AT = 4;

  private final long largest;
  private final Map<Integer, Body> byChannel = new HashMap<>();

  /** One that is arriving, or was the last to arrive on its channel. */
  private static final class Body {
    private final long size;
    private final byte[] kept;
    private long arrived;

    private Body(long size, byte[] kept) {
      this.size = size;
      this.kept = kept;
    }

    private void take(byte[] payload) throws MalformedFrameException {
      if (payload.length > size - arrived) {
        throw new MalformedFrameException("a body has more bytes than its header says");
      }
      if (arrived < kept.length) {
        int length = (int) Math.min(payload.length, kept.length - arrived);
        System.arraycopy(payload, 0, kept, (int) arrived, length);
      }
      arrived += payload.length;
    }
  }

  /**
   * @param largest body that is kept whole, in bytes
   */
  LargeBodies(long largest) {
    this.largest = largest;
  }

  /** Gives the frame that the client is to have for the one that came. */
  Frame take(Frame frame) throws MalformedFrameException {
    return switch (frame.getType()) {
      case AMQP.FRAME_METHOD -> {
        if (!byChannel.isEmpty()) {
          byChannel.remove(frame.getChannel());
        }
        yield frame;
      }
      case AMQP.FRAME_HEADER -> header(frame);
      case AMQP.FRAME_BODY -> byChannel.isEmpty() ? frame : body(frame);
      default -> frame;
    };
  }

  /**
   * The size of the body that was the last to arrive on the channel, if it was not kept whole. Of
   * use until the next method arrives there, so while that delivery is dispatched.
   */
  OptionalLong cut(int channel) {
    Body last = byChannel.get(channel);
    return last != null && last.kept.length < last.size
        ? OptionalLong.of(last.size)
        : OptionalLong.empty();
  }

  private Frame header(Frame frame) {
    byte[] payload = frame.getPayload();
    if (payload.length < SIZE_AT + Long.BYTES) {
      return frame;
    }
    long size = ByteBuffer.wrap(payload).getLong(SIZE_AT);
    if (size <= Math.min(LARGE, largest)) {
      return frame;
    }
    int kept = size <= largest ? Math.toIntExact(size) : (int) Math.min(KEPT, largest);
    byChannel.put(frame.getChannel(), new Body(size, new byte[kept]));
    byte[] shortened = payload.clone();
    ByteBuffer.wrap(shortened).putLong(SIZE_AT, kept);
    return new Frame(AMQP.FRAME_HEADER, frame.getChannel(), shortened);
  }

  private Frame body(Frame frame) throws MalformedFrameException {
    Body body = byChannel.get(frame.getChannel());
    if (body == null) {
      return frame;
    }
    body.take(frame.getPayload());
    return body.arrived == body.size
        ? new Frame(AMQP.FRAME_BODY, frame.getChannel(), body.kept)
        : new Frame(AMQP.FRAME_HEARTBEAT, 0, new byte[0]);
  }
}
