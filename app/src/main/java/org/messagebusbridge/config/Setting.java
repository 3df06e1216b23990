package org.messagebusbridge.config;

import java.util.Optional;

/**
 * A key with the value in force.
 *
 * @param key which one
 * @param value the value as it may be shown, masked where it is secret; empty when not set
 * @param origin where it came from
 */
public record Setting(Key<?> key, Optional<String> value, Origin origin) {}
