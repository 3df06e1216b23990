package org.messagebusbridge.tester;

/** Why a run ended. */
sealed interface Ending {

  /** Every message sent came back, or was refused by the broker. */
  record Complete() implements Ending {}

  /** The time for the last messages to come back has passed. */
  record TimeUp() implements Ending {}

  /** The user stopped it. */
  record Interrupted() implements Ending {}

  /** It could not go on; the sentence says why. */
  record Failed(String sentence) implements Ending {}
}
