@NullMarked
package org.messagebusbridge.observability.http;

import org.jspecify.annotations.NullMarked;
