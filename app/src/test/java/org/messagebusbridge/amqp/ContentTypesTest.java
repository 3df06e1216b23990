package org.messagebusbridge.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.bus.Message;

class ContentTypesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/plain                    | TEXT",
        "TEXT/PLAIN                    | TEXT",
        "text/plain; charset=utf-8     | TEXT",
        "text/plain; charset=\"UTF-8\" | TEXT",
        "text/plain; charset=latin1    | UNKNOWN",
        "application/octet-stream      | BINARY",
        "application/json              | UNKNOWN",
      })
  void saysTheFormThatAContentTypeStates(String contentType, Message.Form form) {
    assertThat(ContentTypes.form(contentType)).isEqualTo(form);
  }

  @Test
  void knowsNothingOfAMessageWithoutContentType() {
    assertThat(ContentTypes.form(null)).isEqualTo(Message.Form.UNKNOWN);
    assertThat(ContentTypes.form("")).isEqualTo(Message.Form.UNKNOWN);
  }

  @Test
  void goesByTheBodyWhenTheFormIsNotKnown() {
    byte[] text = "\u00e9\ud83d\ude80".getBytes(UTF_8);
    byte[] cut = {text[0]};

    assertThat(ContentTypes.of(Message.of(text, Message.Form.UNKNOWN))).isEqualTo("text/plain");
    assertThat(ContentTypes.of(Message.of(new byte[0], Message.Form.UNKNOWN)))
        .isEqualTo("text/plain");
    assertThat(ContentTypes.of(Message.of(cut, Message.Form.UNKNOWN)))
        .isEqualTo("application/octet-stream");
    assertThat(ContentTypes.of(Message.of(cut, Message.Form.TEXT))).isEqualTo("text/plain");
    assertThat(ContentTypes.of(Message.of(text, Message.Form.BINARY)))
        .isEqualTo("application/octet-stream");
  }
}
