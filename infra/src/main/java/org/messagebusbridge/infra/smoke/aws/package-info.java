/** The one place of the smoke test that knows the AWS SDK. */
@NullMarked
package org.messagebusbridge.infra.smoke.aws;

import org.jspecify.annotations.NullMarked;
