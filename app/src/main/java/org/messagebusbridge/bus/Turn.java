package org.messagebusbridge.bus;

/**
 * Of several instances only one may work at a time: whether it is this one's turn. It comes with a
 * connection of the bus that all of them are connected to, and ends with that connection.
 */
public interface Turn {

  /** Of an instance that shares its work with nobody. */
  Turn ALWAYS =
      new Turn() {
        @Override
        public void await(Runnable whenOurs) {
          whenOurs.run();
        }

        @Override
        public boolean isOurs() {
          return true;
        }
      };

  /**
   * Has {@code whenOurs} run once, as soon as it is this instance's turn: in this thread if it is,
   * later in another one, or never. Called once; what is run must not wait.
   */
  void await(Runnable whenOurs);

  /**
   * Whether it is this instance's turn. False from the moment on from which another instance may
   * have been let in, also before the loss of the connection is known. Any thread, at little cost.
   */
  boolean isOurs();
}
