/**
 * What the bridge is told: sections with their keys, the values in force by key, and where they
 * come from (an INI file in the Python service's form, environment variables, SSM).
 */
@NullMarked
package org.messagebusbridge.config;

import org.jspecify.annotations.NullMarked;
