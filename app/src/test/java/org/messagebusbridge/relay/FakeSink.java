package org.messagebusbridge.relay;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Sink;

/** A sink that a test scripts: it keeps what was sent and confirms when told. */
final class FakeSink implements Sink {
  final BlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
  final BlockingQueue<String> probes = new LinkedBlockingQueue<>();
  private final long maxMessageBytes;
  private int answers = Integer.MAX_VALUE;
  private volatile @Nullable Confirmations confirmations;
  private long number;

  FakeSink(long maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
  }

  FakeSink() {
    this(Long.MAX_VALUE);
  }

  /** Answers so many probes by itself and no more. */
  FakeSink answering(int probesAnswered) {
    answers = probesAnswered;
    return this;
  }

  @Override
  public void probe() {
    probes.add("probe");
    if (answers > 0) {
      answers--;
      alive();
    }
  }

  void alive() {
    confirmations().alive();
  }

  @Override
  public void start(Confirmations confirmations) {
    this.confirmations = confirmations;
  }

  @Override
  public long send(Message message) {
    byte[] body = message.body();
    int id = 0;
    for (int i = 0; i < Math.min(4, body.length); i++) {
      id |= (body[i] & 0xff) << (8 * i);
    }
    number++;
    sent.add(id);
    return number;
  }

  @Override
  public void flush() {}

  @Override
  public long maxMessageBytes() {
    return maxMessageBytes;
  }

  void confirm(long upTo) {
    confirmations().confirmed(upTo, true);
  }

  void confirmOnly(long one) {
    confirmations().confirmed(one, false);
  }

  void refuse(long one) {
    confirmations().refused(one, false);
  }

  void reject(long one, Rejection rejection) {
    confirmations().rejected(one, rejection);
  }

  private Confirmations confirmations() {
    Confirmations current = confirmations;
    if (current == null) {
      throw new AssertionError("not started");
    }
    return current;
  }
}
