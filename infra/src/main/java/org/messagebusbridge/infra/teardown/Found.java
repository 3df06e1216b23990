package org.messagebusbridge.infra.teardown;

import java.util.List;
import java.util.Optional;

/**
 * What there is of a stack and of its name.
 *
 * @param stacks in the order in which they can be deleted
 * @param broker id of its broker at Amazon MQ, while a stack tells it
 */
record Found(
    List<Deployed> stacks,
    Optional<String> broker,
    List<String> logGroups,
    List<String> repositories) {

  /** A stack that is there. */
  record Deployed(String name, String status, boolean isProtected) {
    String line() {
      return name + " (" + status + (isProtected ? ", protected)" : ")");
    }
  }

  boolean isEmpty() {
    return stacks.isEmpty() && logGroups.isEmpty() && repositories.isEmpty();
  }
}
