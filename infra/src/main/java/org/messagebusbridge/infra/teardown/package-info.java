/** {@code ./mbb teardown}: what stacks made and what they leave, told and deleted. */
@NullMarked
package org.messagebusbridge.infra.teardown;

import org.jspecify.annotations.NullMarked;
