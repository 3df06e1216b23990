/** The sandbox from JUnit: what a test needs of the machine it runs on. */
@NullMarked
package org.messagebusbridge.sandbox.junit;

import org.jspecify.annotations.NullMarked;
