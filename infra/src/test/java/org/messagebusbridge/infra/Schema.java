package org.messagebusbridge.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.nio.file.Path;
import java.util.List;

/** A JSON Schema, as an editor holds a file to it. */
record Schema(JsonSchema schema) {
  static Schema of(String resource) {
    Path file = Path.of("src/main/resources/org/messagebusbridge/infra", resource);
    return new Schema(
        JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(Variant.read(file)));
  }

  List<String> violations(JsonNode document) {
    return schema.validate(document).stream().map(ValidationMessage::getMessage).toList();
  }
}
