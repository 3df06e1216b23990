package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator reads of a wrong value: one line, with the key, where it is, and what to do. */
class ErrorSentencesTest {

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          ws_ping_interval=abc => "abc" is not a whole number; write a whole number of seconds from 0 to 3600.
          ws_ping_interval=1.5 => "1.5" is not a whole number; write a whole number of seconds from 0 to 3600.
          ws_ping_interval=-1 => "-1" is out of range; write a whole number of seconds from 0 to 3600.
          ws_ping_interval=99999999999999999999 => "99999999999999999999" is not a whole number; write a whole number of seconds from 0 to 3600.
          ws_max_connect_attempts=x => "x" is not a whole number; write a whole number of attempts from 0 to 1000000, or unlimited.
          ws_max_message_bytes=0 => "0" is out of range; write a whole number of bytes from 1 to 1073741824.
          ws_receipt_interval_ms=60001 => "60001" is out of range; write a whole number of milliseconds from 0 to 60000.
          ws_auth=oauth => "oauth" is none of its options; write one of jwt, bearer, basic, none.
          ws_frame_type=ping => "ping" is none of its options; write one of auto, text, binary.
          ws_delivery_confirm=ack => "ack" is none of its options; write one of pong, flush.
          ws_compression=gzip => "gzip" is none of its options; write one of off, permessage-deflate.
          api_host=https://api.example.com => "https://api.example.com" begins with http; write ws:// for http:// and wss:// for https://.
          api_host=api.example.com => "api.example.com" has no scheme ws:// or wss://; write ws:// or wss://, a host and an optional port.
          api_host=wss://api.example.com/ws => "wss://api.example.com/ws" holds a path; end it after host and port; the path goes to api_uri.
          api_host=wss://u:p@api.example.com => the value holds a user or password; write those to client_id and client_secret.
          api_host=wss://a b => "wss://a b" does not have a valid host and port; write ws:// or wss://, a host and an optional port.
          api_host=wss://a..b => "wss://a..b" does not have a valid host and port; write ws:// or wss://, a host and an optional port.
          api_host=wss://[::1 => "wss://[::1" does not have a valid host and port; write ws:// or wss://, a host and an optional port.
          api_host=wss://[:::] => "wss://[:::]" does not have a valid host and port; write ws:// or wss://, a host and an optional port.
          ws_max_retry_after_secs=0 => "0" is out of range; write a whole number of seconds from 1 to 86400.
          api_host=wss://api:0 => "wss://api:0" has a port out of range; write a port from 1 to 65535.
          api_host=wss://api:123456 => "wss://api:123456" has a port out of range; write a port from 1 to 65535.
          api_uri=path => "path" does not begin with /; write a path that begins with /, and an optional query.
          api_uri=/path#part => "/path#part" holds a fragment (#), which a WebSocket URL must not have; remove it or write %23.
          api_uri=/a path => "/a path" holds a character that a URL must not have; percent-encode it (a space is %20).
          api_uri=/ä => "/ä" holds a character that is not ASCII; percent-encode it as UTF-8.
          ws_headers=X-One => the value has no colon in header 1; write "Name: value" pairs separated by |.
          ws_headers=X-One: 1|X Two: 2 => the value has a name in header 2 that is not one of letters, digits and hyphens; write "Name: value" pairs separated by |.
          ws_headers=host: example.com => the value sets host, which belongs to the handshake; remove that header.
          ws_headers=A: b|Sec-WebSocket-Protocol: c => the value sets Sec-WebSocket-Protocol, which belongs to the handshake; remove that header.
          ws_headers=X-One: ä => the value has a value in header 1 that is not ASCII; write ASCII.
          ws_subprotocols=a,,b => "a,,b" has a name that is empty or not of letters, digits, . and -; write names separated by commas.
          ws_subprotocols=a,a => "a,a" names one twice; write each once (RFC 6455, section 4.1).
          ws_proxy=socks5://proxy:1080 => "socks5://proxy:1080" is not the URL of an HTTP proxy; write http://[user:password@]host:port.
          ws_proxy=http://proxy => "http://proxy" is not the URL of an HTTP proxy; write http://[user:password@]host:port.
          ws_proxy=http://proxy:70000 => "http://proxy:70000" has a port out of range; write a port from 1 to 65535.
          ws_proxy=http://user@proxy:3128 => the value has a user without a password, or none; write http://[user:password@]host:port.
          ws_proxy=http://u%%:p@proxy:3128 => the value has a % in user or password that is not followed by two hexadecimal digits; write %25 for a %.
          ws_proxy=https://proxy:3128 => "https://proxy:3128" is a proxy that is itself reached by TLS, which the bridge does not do; write an http:// one (what goes through it is TLS all the same with wss://).
          ws_ca_file=nothere.pem => "nothere.pem" does not exist; write the path of a PEM file.
          ws_secret_arn=my-secret => "my-secret" is not of that form; write an ARN such as arn:aws:secretsmanager:us-east-1:123456789012:secret:name-AbCdEf.
          """)
  void saysWhatIsWrongInWsApi(String assignment, String sentence) {
    assertSays("ws_api", assignment, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          mq_host=amqps://mq.example.com => "amqps://mq.example.com" has a scheme; write the host alone, without scheme and port.
          mq_host=mq.example.com:5671 => "mq.example.com:5671" has a port; write the host alone; the port goes to mq_port.
          mq_host=mq_example/com => "mq_example/com" is not a host name; write a host name or address alone.
          mq_broker_id=b-1.mq.us-east-1.amazonaws.com => "b-1.mq.us-east-1.amazonaws.com" is a host name; write it to mq_host, or the part before .mq. here.
          mq_broker_id=b_1 => "b_1" is not a broker's id; write the broker's id alone, such as b-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d.
          mq_region=Virginia => "Virginia" is not of that form; write a region such as us-east-1.
          mq_port=0 => "0" is out of range; write a port from 1 to 65535.
          mq_port=amqps => "amqps" is not a whole number; write a port from 1 to 65535.
          mq_tls=maybe => "maybe" is neither true nor false; write true or false.
          mq_qname_to_ws=amq.gen => "amq.gen" begins with amq., which the broker keeps for itself; write another name.
          mq_qname_from_ws=to_ws => the queue is that of mq_qname_to_ws too, so every message would go round for ever; name another.
          mq_qname_from_ws=to_ws.dead => the queue is the dead-letter queue of mq_qname_to_ws too; name another, or set mq_qname_dead_letter.
          mq_qname_dead_letter=to_ws => the queue is that of mq_qname_to_ws too; name another, or none.
          mq_qname_dead_letter=from_ws => the queue is that of mq_qname_from_ws too; name another, or none.
          mq_ttl_from_ws=4294967296 => "4294967296" is out of range; write a whole number of milliseconds from 0 to 4294967295.
          mq_consumer_tag= => the value must not be blank; write a name, or remove the key for the default.
          mq_prefetch=0 => "0" is out of range; write a whole number of messages from 1 to 65535.
          mq_queue_type=stream => "stream" is none of its options; write one of classic, quorum.
          mq_max_deliveries=0 => "0" is out of range; write a whole number of deliveries from 1 to 1000.
          mq_heartbeat_secs=0 => "0" is out of range; write a whole number of seconds from 1 to 3600.
          mq_ca_file=. => "." is a directory; write the path of a PEM file.
          mq_secret_arn=arn:aws:s3:::bucket => "arn:aws:s3:::bucket" is not of that form; write an ARN such as arn:aws:secretsmanager:us-east-1:123456789012:secret:name-AbCdEf.
          """)
  void saysWhatIsWrongInAwsMq(String assignment, String sentence) {
    assertSays("aws_mq", assignment, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          aws_cloudwatch => cw_retention_days=31 => "31" is none of the values that are allowed; write one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653.
          aws_cloudwatch => cw_metrics_namespace=aws/mq => "aws/mq" begins with AWS/ or a colon, which CloudWatch keeps for itself; write another namespace.
          aws_cloudwatch => cw_metrics_resolution=0 => "0" is out of range; write a whole number of seconds from 1 to 3600.
          aws_cloudwatch => cw_log_group=a group => "a group" is not of that form; write 1 to 512 of letters, digits, _ - / . #.
          aws_cloudwatch => cw_log_stream=a:b => "a:b" is not of that form; write 1 to 512 characters other than : and *.
          aws_cloudwatch => cw_region=us => "us" is not of that form; write a region such as us-east-1.
          bridge => ha_mode=active => "active" is none of its options; write one of parallel, standby.
          bridge => drain_secs=3601 => "3601" is out of range; write a whole number of seconds from 0 to 3600.
          bridge => http_port=0 => "0" is out of range; write a port from 1 to 65535, or off.
          bridge => http_host=http://localhost => "http://localhost" has a scheme; write the host alone, without scheme and port.
          """)
  void saysWhatIsWrongInTheOtherSections(String section, String assignment, String sentence) {
    assertSays(section, assignment, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          jwt => 0g => the value holds a character that is not hexadecimal; write digits and a to f only (ws_auth jwt needs that).
          jwt => abc => the value has an odd number of hexadecimal digits (3); write two for each byte, one may have been lost.
          jwt => `` => is empty, but ws_auth jwt needs it; set it in [ws_api], or MBB_WS_API_CLIENT_SECRET in the environment.
          bearer => two words => the value holds a space or a character that is not ASCII; write the token alone.
          bearer => `` => is empty, but ws_auth bearer needs it; set it in [ws_api], or MBB_WS_API_CLIENT_SECRET in the environment.
          """)
  void tellsTheWaysApartThatAClientSecretIsWrong(String auth, String secret, String sentence) {
    String ini =
        Configurations.with(
            "ws_api", "client_secret=" + secret + "\nclient_id=me\nws_auth=" + auth);

    assertThat(Configurations.errors(ini))
        .containsExactly("ws_api.client_secret (t.ini:2): " + sentence);
  }

  @Test
  void saysThatAUserNameForBasicHasNoColon() {
    assertThat(
            Configurations.errors(
                Configurations.with("ws_api", "client_id=a:b\nclient_secret=x\nws_auth=basic")))
        .containsExactly(
            "ws_api.client_id (t.ini:2): the user name holds a colon, which ws_auth basic does not"
                + " allow (RFC 7617, section 2); use another.");
  }

  @Test
  void saysThatAuthorizationIsSetTwice() {
    assertThat(
            Configurations.errors(
                Configurations.with(
                    "ws_api", "ws_headers=authorization: x\nclient_secret=x\nws_auth=bearer")))
        .containsExactly(
            "ws_api.ws_headers (t.ini:2): the value sets Authorization, and so does ws_auth"
                + " bearer; remove the header, or set ws_auth=none.");
  }

  @Test
  void asksForTheOtherOfCertificateAndKey() {
    String pom = Path.of("pom.xml").toString();

    assertThat(Configurations.errors(Configurations.with("ws_api", "ws_client_cert_file=" + pom)))
        .containsExactly(
            "ws_api.ws_client_key_file: is missing, but ws_client_cert_file is set, and a client"
                + " needs both certificate and key; set it in [ws_api], or"
                + " MBB_WS_API_WS_CLIENT_KEY_FILE in the environment.");
    assertThat(Configurations.errors(Configurations.with("aws_mq", "mq_client_key_file=" + pom)))
        .containsExactly(
            "aws_mq.mq_client_cert_file: is missing, but mq_client_key_file is set, and a client"
                + " needs both certificate and key; set it in [aws_mq], or"
                + " MBB_AWS_MQ_MQ_CLIENT_CERT_FILE in the environment.");
  }

  @Test
  void refusesAmazonMqWithoutTls() {
    assertThat(
            Configurations.errors(
                Configurations.with("aws_mq", "mq_tls=false")
                    .replace("mq_host=localhost", "mq_broker_id=b-1\nmq_region=us-east-1")))
        .containsExactly(
            "aws_mq.mq_tls (t.ini:5): Amazon MQ speaks TLS only; remove mq_tls, or set mq_host for"
                + " another broker.");
  }

  @Test
  void saysThatAQueueNameIsTooLong() {
    String name = "q".repeat(251);

    assertThat(Configurations.errors(Configurations.with("aws_mq", "mq_qname_to_ws=" + name)))
        .containsExactly(
            "aws_mq.mq_qname_to_ws (t.ini:5): the name is so long that its dead-letter queue's,"
                + " with .dead after it, is over 255 bytes; set mq_qname_dead_letter.");
    assertThat(Configurations.errors(Configurations.with("aws_mq", "mq_qname_from_ws=äää" + name)))
        .containsExactly(
            "aws_mq.mq_qname_from_ws (t.ini:5): \"äää"
                + "q".repeat(57)
                + "...\" has 257 bytes; write at most 255.");
  }

  @Test
  void saysThatAnIndentedLineContinuesTheOneAboveIt() {
    assertThat(
            Configurations.errors(Configurations.with("aws_mq", "mq_vhost=one\n  mq_prefetch=7")))
        .containsExactly(
            "aws_mq.mq_vhost (t.ini:5): \"one\" goes over more than one line; an indented line"
                + " continues the value above it, so take the indentation away or write the value"
                + " on one line.");
  }

  @Test
  void asksForAllThatIsMissingAtOnce() {
    assertThat(Configurations.errors("[ws_api]\nws_auth=jwt\n[aws_mq]\nmq_region=\n"))
        .containsExactly(
            "ws_api.api_host: is missing, but the bridge has to know where the API is; set it in"
                + " [ws_api], or MBB_WS_API_API_HOST in the environment.",
            "ws_api.api_uri: is missing, but the bridge has to know the API's path (/ at least);"
                + " set it in [ws_api], or MBB_WS_API_API_URI in the environment.",
            "ws_api.client_id: is missing, but ws_auth jwt needs it; set it in [ws_api], or"
                + " MBB_WS_API_CLIENT_ID in the environment.",
            "ws_api.client_secret: is missing, but ws_auth jwt needs it; set it in [ws_api], or"
                + " MBB_WS_API_CLIENT_SECRET in the environment.",
            "aws_mq.mq_broker_id: is missing, but the broker's host is made of it unless mq_host is"
                + " set; set it in [aws_mq], or MBB_AWS_MQ_MQ_BROKER_ID in the environment.",
            "aws_mq.mq_region (t.ini:4): is empty, but the broker's host is made of it unless"
                + " mq_host is set; set it in [aws_mq], or MBB_AWS_MQ_MQ_REGION in the"
                + " environment.",
            "aws_mq.mq_user_id: is missing, but the broker asks for it unless mq_secret_arn is set;"
                + " set it in [aws_mq], or MBB_AWS_MQ_MQ_USER_ID in the environment.",
            "aws_mq.mq_password: is missing, but the broker asks for it unless mq_secret_arn is"
                + " set; set it in [aws_mq], or MBB_AWS_MQ_MQ_PASSWORD in the environment.",
            "aws_mq.mq_qname_to_ws: is missing, but the bridge has to know what to consume; set it"
                + " in [aws_mq], or MBB_AWS_MQ_MQ_QNAME_TO_WS in the environment.",
            "aws_mq.mq_qname_from_ws: is missing, but the bridge has to know where to publish; set"
                + " it in [aws_mq], or MBB_AWS_MQ_MQ_QNAME_FROM_WS in the environment.");
  }

  @Test
  void asksForWhatTheFlagsOfCloudWatchNeed() {
    String region =
        "aws_cloudwatch.cw_region: is missing, but %s needs it; set it in [aws_cloudwatch], or"
            + " MBB_AWS_CLOUDWATCH_CW_REGION in the environment.";

    assertThat(
            Configurations.errors(Configurations.MINIMAL, Requirements.bridge(false, true, false)))
        .containsExactly(
            region.formatted("-l"),
            "aws_cloudwatch.cw_log_group: is missing, but -l needs it; set it in [aws_cloudwatch],"
                + " or MBB_AWS_CLOUDWATCH_CW_LOG_GROUP in the environment.",
            "aws_cloudwatch.cw_log_stream: is missing, but -l needs it; set it in [aws_cloudwatch],"
                + " or MBB_AWS_CLOUDWATCH_CW_LOG_STREAM in the environment.");
    assertThat(
            Configurations.errors(Configurations.MINIMAL, Requirements.bridge(true, false, true)))
        .containsExactly(
            region.formatted("-m"),
            "aws_cloudwatch.cw_metrics_namespace: is missing, but -m needs it; set it in"
                + " [aws_cloudwatch], or MBB_AWS_CLOUDWATCH_CW_METRICS_NAMESPACE in the"
                + " environment.");
  }

  @Test
  void saysWhatIsWrongWithTheFileLineByLine() {
    assertThat(
            Configurations.errors(
                "stray=1\nstray=2\n"
                    + Configurations.MINIMAL
                    + "novalue\n=nokey\n[ws_api]\napi_host=ws://b\n[bridge]\n[BRIDGE]\n"))
        .containsExactly(
            "t.ini:1: a line before the first section; write [ws_api], [aws_mq], [aws_cloudwatch]"
                + " or [bridge] above it.",
            "t.ini:12: a key without a value; write key=value, or a # first for a comment.",
            "t.ini:13: a value without a key; write key=value.",
            "t.ini:14: section [ws_api] was begun before, in line 3; join the two.",
            "t.ini:15: key api_host of [ws_api] was set before, in line 4; remove one of the two.");
  }

  @Test
  void saysWhatIsWrongWithAReference(@TempDir Path directory) {
    assertThat(
            Configurations.errors(
                Configurations.with("aws_mq", "mq_vhost=%(nothere)s\nmq_password=%(mq_password)s")
                    .replace("mq_password=Pa55!\n", "")))
        .containsExactly(
            "aws_mq.mq_vhost (t.ini:5): the value refers by %(...)s to a key that is neither in its"
                + " section nor in [DEFAULT]; write %% for a percent sign that is meant as one.",
            "aws_mq.mq_password (t.ini:6): the value refers to itself, or through more than 10"
                + " others, by %(...)s; write the value itself.",
            "aws_mq.mq_password: is missing, but the broker asks for it unless mq_secret_arn is"
                + " set; set it in [aws_mq], or MBB_AWS_MQ_MQ_PASSWORD in the environment.");
  }

  private static void assertSays(String section, String assignment, String sentence) {
    String key = assignment.substring(0, assignment.indexOf('='));
    String ini = Configurations.with(section, assignment);
    int line = ini.lines().toList().indexOf(assignment) + 1;

    assertThat(Configurations.errors(ini))
        .containsExactly(section + "." + key + " (t.ini:" + line + "): " + sentence);
  }
}
