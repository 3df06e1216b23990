/** What the bridge is built and runs on, as code. */
@NullMarked
package org.messagebusbridge.infra;

import org.jspecify.annotations.NullMarked;
