/**
 * What the bridge is told: records of validated values, and where they come from (an INI file in
 * the Python service's form, environment variables).
 */
@NullMarked
package org.messagebusbridge.config;

import org.jspecify.annotations.NullMarked;
