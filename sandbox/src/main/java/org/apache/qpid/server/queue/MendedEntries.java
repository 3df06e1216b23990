package org.apache.qpid.server.queue;

import java.lang.reflect.Field;
import org.apache.qpid.server.message.ServerMessage;
import org.apache.qpid.server.model.AbstractConfigurationChangeListener;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.store.MessageEnqueueRecord;

/**
 * The entries of a queue, without the race that Broker-J 10.1 loses messages by: it shows a new
 * entry to the consumers first, and only then reckons by the queue's minimum time to live when it
 * expires ({@link AbstractQueue#doEnqueue}). In between the message's own number is in force, a
 * time in 1970, so a consumer that looks at that moment drops the message. Here it does not expire
 * in between.
 */
public final class MendedEntries extends StandardQueueEntryList {

  private MendedEntries(StandardQueueImpl queue) {
    super(queue, queue.getQueueStatistics());
  }

  /** From now on every queue that is created in this virtual host has such entries. */
  public static void mend(VirtualHost<?> virtualHost) {
    virtualHost.addChangeListener(
        new AbstractConfigurationChangeListener() {
          @Override
          public void childAdded(ConfiguredObject<?> parent, ConfiguredObject<?> child) {
            if (child instanceof StandardQueueImpl queue) {
              mend(queue);
            }
          }
        });
  }

  private static void mend(StandardQueueImpl queue) {
    try {
      Field entries = StandardQueueImpl.class.getDeclaredField("_entries");
      entries.setAccessible(true);
      entries.set(queue, new MendedEntries(queue));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Broker-J is not the one that is mended here", e);
    }
  }

  @Override
  protected StandardQueueEntry createQueueEntry(
      ServerMessage<?> message, MessageEnqueueRecord enqueueRecord) {
    StandardQueueEntry entry = super.createQueueEntry(message, enqueueRecord);
    if (message.getExpiration() != 0) {
      entry.setExpiration(Long.MAX_VALUE);
    }
    return entry;
  }
}
