package org.messagebusbridge.config;

/**
 * What the text of a value has to be, and what it becomes.
 *
 * @param form what is right, as a noun phrase: {@code a port from 1 to 65535}
 * @param parser reads a stripped text that is not empty, unless its key takes blank values
 */
public record Type<T>(String form, Parser<T> parser) {

  /** Makes a value of a text. */
  public interface Parser<T> {
    T parse(String text) throws BadValueException;
  }
}
