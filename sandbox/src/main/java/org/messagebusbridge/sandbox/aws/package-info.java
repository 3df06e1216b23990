/**
 * AWS, as far as tests need it: {@linkplain org.messagebusbridge.sandbox.aws.AwsEndpoint an
 * endpoint} with an emulator behind it, which LocalStack in Docker or localemu is, and a proxy
 * between them that records what is asked, holds AWS's limits and makes faults.
 */
@NullMarked
package org.messagebusbridge.sandbox.aws;

import org.jspecify.annotations.NullMarked;
