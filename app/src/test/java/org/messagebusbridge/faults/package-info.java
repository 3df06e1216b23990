/** The bridge under faults: the matrix of the sandbox, on private RabbitMQ nodes. */
@org.jspecify.annotations.NullMarked
package org.messagebusbridge.faults;
