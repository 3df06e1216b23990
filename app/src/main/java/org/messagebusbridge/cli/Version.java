package org.messagebusbridge.cli;

import picocli.CommandLine.IVersionProvider;

/** The version, as the jar's manifest has it. */
public final class Version implements IVersionProvider {

  /** The version, such as {@code 2.0.0}; {@code development} when it does not run from its jar. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"MessageBusBridge " + current()};
  }
}
