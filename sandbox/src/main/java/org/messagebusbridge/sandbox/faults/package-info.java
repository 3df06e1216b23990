/**
 * The fault matrix: what is done to a running bridge, and what that may cost.
 *
 * <p>A {@link org.messagebusbridge.sandbox.faults.Row} is a name, a {@link
 * org.messagebusbridge.sandbox.faults.Setup}, {@link org.messagebusbridge.sandbox.faults.Limits}
 * and what it does to a {@link org.messagebusbridge.sandbox.faults.Stage} while messages flow both
 * ways. {@link org.messagebusbridge.sandbox.faults.FaultRun} runs it and takes account of every
 * message. To add one:
 *
 * <ol>
 *   <li>write a method that returns it, in a class that has those of its kind ({@link
 *       org.messagebusbridge.sandbox.faults.WebSocketRows}): {@code Row.of("what happens", stage ->
 *       stage.fault(() -> ...))}, with {@code .with(Setup.STANDARD.key(...))}, {@code
 *       .within(Limits...)} and {@code .on(Target...)} where it needs them. {@code stage.fault}
 *       injects one fault and waits until messages flow at the full rate again; {@code
 *       stage.strike} does not wait;
 *   <li>name it in that class's {@code all()}, and a new class in {@link
 *       org.messagebusbridge.sandbox.faults.Matrix}.
 * </ol>
 *
 * <p>One row alone: {@code mvn -pl app -am test -Pfaults -Dmbb.faults.rows='TCP cut.*3.10'
 * -Dsurefire.failIfNoSpecifiedTests=false}; the pattern is looked for in {@code "<name>,
 * <target>"}.
 */
@NullMarked
package org.messagebusbridge.sandbox.faults;

import org.jspecify.annotations.NullMarked;
