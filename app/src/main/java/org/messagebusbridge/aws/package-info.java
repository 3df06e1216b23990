/**
 * All that the bridge has to do with AWS: configuration in Parameter Store, credentials in Secrets
 * Manager, logs and metrics in CloudWatch. The SDK's types stay in here, and nothing of it is
 * loaded unless a flag or a key asks for it.
 */
@NullMarked
package org.messagebusbridge.aws;

import org.jspecify.annotations.NullMarked;
