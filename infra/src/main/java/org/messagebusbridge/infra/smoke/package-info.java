/** {@code ./mbb smoke}: the tester, run once as a task of a stack that is deployed. */
@NullMarked
package org.messagebusbridge.infra.smoke;

import org.jspecify.annotations.NullMarked;
