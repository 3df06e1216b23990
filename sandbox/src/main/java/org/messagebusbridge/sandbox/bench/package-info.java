/**
 * {@code mbb bench}: how fast the bridge is, what it costs and whether it loses anything, on a
 * private RabbitMQ, beside the same load without a bridge.
 */
@NullMarked
package org.messagebusbridge.sandbox.bench;

import org.jspecify.annotations.NullMarked;
