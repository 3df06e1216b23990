package org.messagebusbridge.sandbox.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A request that came, and how it was answered.
 *
 * @param action as IAM writes it, such as {@code ssm:GetParametersByPath}
 * @param caller the access key that it was signed with; empty when there was none
 * @param request its parameters, whatever the protocol was
 * @param status the HTTP status of the answer
 * @param error the error's code, such as {@code ThrottlingException}; empty for a success
 * @param at when it was answered
 */
public record AwsCall(
    String action, String caller, JsonNode request, int status, String error, Instant at) {

  /** Whether the service did as it was asked. */
  public boolean succeeded() {
    return status / 100 == 2;
  }

  @Override
  public String toString() {
    return action + " " + status + (error.isEmpty() ? "" : " " + error);
  }
}
