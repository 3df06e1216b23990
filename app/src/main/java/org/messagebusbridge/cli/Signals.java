package org.messagebusbridge.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the signals that ask the process to end. The JDK's shutdown hooks would do but for two
 * things: the exit code would be 128 + the signal's number, and a second signal would be ignored.
 *
 * <p>{@code sun.misc.Signal} is the one way to hear a signal. It is used by reflection because the
 * compiler's warning about it cannot be suppressed, and warnings are errors here.
 */
final class Signals {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);
  private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

  private Signals() {}

  /**
   * From now on the first signal calls {@code stop} with its name ({@code SIGTERM}), on a thread of
   * the JVM, and a second one ends the process at once, with exit code 130.
   */
  static void listen(Consumer<String> stop) {
    AtomicBoolean heard = new AtomicBoolean();
    for (String name : NAMES) {
      try {
        handle(
            name,
            () -> {
              if (heard.compareAndSet(false, true)) {
                stop.accept("SIG" + name);
              } else {
                Runtime.getRuntime().halt(130);
              }
            });
      } catch (ReflectiveOperationException | IllegalArgumentException e) {
        // Not of this operating system, or kept by the JVM (-Xrs): it goes on as it was.
        log.atDebug().addKeyValue("signal", name).setCause(e).log("Cannot hear a signal");
      }
    }
  }

  private static void handle(String name, Runnable action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    try {
      signal.getMethod("handle", signal, handler).invoke(null, signal(name), proxy(action));
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause());
    }
  }

  private static Object signal(String name) throws ReflectiveOperationException {
    return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
  }

  private static Object proxy(Runnable action) throws ClassNotFoundException {
    return Proxy.newProxyInstance(
        Signals.class.getClassLoader(),
        new Class<?>[] {Class.forName("sun.misc.SignalHandler")},
        (self, method, arguments) -> {
          if (method.getName().equals("handle")) {
            action.run();
          }
          return null;
        });
  }
}
