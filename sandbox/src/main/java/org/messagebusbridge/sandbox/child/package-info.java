/**
 * The product from outside: its commands as child processes, started by the launcher as a user
 * starts them, and the broker addresses and settings they are given. What the demo and the
 * benchmark share.
 */
@NullMarked
package org.messagebusbridge.sandbox.child;

import org.jspecify.annotations.NullMarked;
