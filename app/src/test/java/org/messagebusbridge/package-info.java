/** Tests of the whole. */
@NullMarked
package org.messagebusbridge;

import org.jspecify.annotations.NullMarked;
