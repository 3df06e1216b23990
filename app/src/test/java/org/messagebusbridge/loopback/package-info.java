@NullMarked
package org.messagebusbridge.loopback;

import org.jspecify.annotations.NullMarked;
