/** The command line: one class a command, which maps what happens to output and an exit code. */
@NullMarked
package org.messagebusbridge.cli;

import org.jspecify.annotations.NullMarked;
