package org.messagebusbridge.sandbox.child;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.messagebusbridge.sandbox.SandboxException;

/**
 * What has to be closed, the last first: when the work is done, or when a signal ends the process
 * in the middle of it. Safe for use by several threads.
 */
public final class Resources implements AutoCloseable {

  private static final Thread NO_HOOK = new Thread(() -> {});

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Thread hook = new Thread(this::closeAll, "clean-up");
  private volatile boolean closed;

  /** Nothing yet; not closed by a signal, unless it is held by something that is. */
  public Resources() {}

  /** Nothing yet, but from now on a signal closes what there is. */
  public static Resources closedOnSignal() {
    Resources resources = new Resources();
    Runtime.getRuntime().addShutdownHook(resources.hook);
    return resources;
  }

  /**
   * Opens something that is to be closed. A signal meanwhile waits for it, so nothing slips away.
   *
   * @throws SandboxException when all was closed already
   */
  public <T extends AutoCloseable> T open(Callable<T> opening) {
    lock.lock();
    try {
      if (closed) {
        throw new SandboxException("Stopped.");
      }
      T resource = opening.call();
      open.push(resource);
      return resource;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new SandboxException(String.valueOf(e.getMessage()), e);
    } finally {
      lock.unlock();
    }
  }

  /** Whether all was closed, or is being closed now, or is about to be, for a signal came. */
  public boolean isClosed() {
    return closed || isShuttingDown();
  }

  private boolean isShuttingDown() {
    try {
      Runtime.getRuntime().removeShutdownHook(NO_HOOK);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private void closeAll() {
    closed = true;
    lock.lock();
    try {
      while (!open.isEmpty()) {
        closeOne(open.pop());
      }
    } finally {
      lock.unlock();
    }
  }

  private static void closeOne(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      // the others have to be closed all the same
    }
  }

  @Override
  public void close() {
    closeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // a signal came: the hook has nothing left to do
    }
  }
}
