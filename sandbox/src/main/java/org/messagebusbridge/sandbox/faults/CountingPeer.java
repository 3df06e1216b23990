package org.messagebusbridge.sandbox.faults;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.messagebusbridge.sandbox.Answer;
import org.messagebusbridge.sandbox.PeerScript;
import org.messagebusbridge.sandbox.ReceivedClose;
import org.messagebusbridge.sandbox.ReceivedMessage;

/** The peer's side of the account: what it sends and what it thinks of what comes. */
public final class CountingPeer implements PeerScript {

  private static final int TOO_BIG = 1009;

  private final Tally toWs;
  private final Tally fromWs;
  private final int size;
  private final Set<Integer> withheld = ConcurrentHashMap.newKeySet();
  private volatile Function<Numbered, Answer> opinion = message -> Answer.take();
  private volatile Function<Integer, Integer> sizes;
  private volatile boolean givesUpOversized;

  CountingPeer(Tally toWs, Tally fromWs, int size) {
    this.toWs = toWs;
    this.fromWs = fromWs;
    this.size = size;
    this.sizes = number -> size;
  }

  /** What it answers to messages from now on. */
  public void opinion(Function<Numbered, Answer> answers) {
    opinion = answers;
  }

  /**
   * How large its own messages are from now on, by number; one over which it is closed with 1009 it
   * gives up and never sends again.
   *
   * @param bytes empty: as usual
   */
  public void sizes(Function<Integer, Optional<Integer>> bytes) {
    sizes = number -> bytes.apply(number).orElse(size);
    givesUpOversized = true;
  }

  @Override
  public Optional<byte[]> text(long number) {
    int index = (int) number - 1;
    fromWs.sentUpTo((int) number);
    return withheld.contains(index)
        ? Optional.empty()
        : Optional.of(Numbered.first(Flow.FROM_WS, index).bytes(sizes.apply(index)));
  }

  @Override
  public Answer received(ReceivedMessage message) {
    Optional<Numbered> number =
        Numbered.of(message.body()).filter(some -> some.flow() == Flow.TO_WS);
    if (number.isEmpty()) {
      toWs.foreign();
      return Answer.take();
    }
    Answer answer = opinion.apply(number.get());
    if (answer instanceof Answer.Take) {
      toWs.received(number.get(), false);
    }
    return answer;
  }

  @Override
  public void ended(ReceivedClose close, long receipted) {
    if (givesUpOversized && close.code() == TOO_BIG) {
      for (int index = (int) receipted; index < fromWs.sent(); index++) {
        if (sizes.apply(index) != size && withheld.add(index)) {
          fromWs.givenUp(index);
          return;
        }
      }
    }
  }
}
