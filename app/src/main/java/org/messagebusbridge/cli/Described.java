package org.messagebusbridge.cli;

import picocli.CommandLine.Model.CommandSpec;

/** A command that says by code, not by annotations, what its options are. */
interface Described {

  /** Its options and what its help says; one object, which holds what the command line gave. */
  CommandSpec spec();
}
