/**
 * TLS for every client of the bridge: contexts made from PEM files, and handshakes that failed told
 * in one sentence that says which key of the configuration to look at.
 */
@NullMarked
package org.messagebusbridge.tls;

import org.jspecify.annotations.NullMarked;
