/**
 * The AMQP 0-9-1 bus: RabbitMQ, Amazon MQ for RabbitMQ and others, by RabbitMQ's Java client.
 *
 * <p>A {@linkplain org.messagebusbridge.amqp.AmqpBus connection of the bus} is two connections to
 * the broker: one consumes, one publishes, because a broker in alarm stops reading from one that
 * publishes, acknowledgements included. Both stand or fall together, and recovery is the caller's:
 * the client's own cannot know what is in flight.
 */
@NullMarked
package org.messagebusbridge.amqp;

import org.jspecify.annotations.NullMarked;
