package org.messagebusbridge.sandbox;

/**
 * What the nodes of one cluster share.
 *
 * @param password of the one user
 * @param cookie with which its nodes and commands trust one another
 */
record RabbitSecrets(String password, String cookie) {

  static RabbitSecrets random() {
    return new RabbitSecrets(Passwords.random(), Passwords.random());
  }

  @Override
  public String toString() {
    return "secrets";
  }
}
