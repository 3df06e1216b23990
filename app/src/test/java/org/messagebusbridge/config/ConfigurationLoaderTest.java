package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.amqp.AmqpKeys;
import org.messagebusbridge.config.ConfigurationLoader.Loaded;
import org.messagebusbridge.websocket.WebSocketConfig;
import org.messagebusbridge.websocket.WebSocketKeys;

class ConfigurationLoaderTest {
  @TempDir private Path directory;

  private String refusalOf(Path file) {
    return String.valueOf(
        catchThrowableOfType(
                ConfigurationException.class,
                () -> ConfigurationLoader.load(file, Map.of(), Configurations.BRIDGE))
            .getMessage());
  }

  private static Setting setting(Loaded loaded, String name) {
    return loaded.settings().stream()
        .filter(setting -> setting.key().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void takesTheEnvironmentBeforeTheFileAndTheFileBeforeTheDefault() throws ConfigurationException {
    Loaded loaded =
        Configurations.load(
            Configurations.with("aws_mq", "mq_prefetch=7\nmq_port=5673"),
            Map.of("MBB_AWS_MQ_MQ_PREFETCH", " 8 "),
            Configurations.BRIDGE);

    assertThat(loaded.configuration().get(AmqpKeys.PREFETCH)).isEqualTo(8);
    assertThat(setting(loaded, "mq_prefetch").origin())
        .isEqualTo(Origin.variable("MBB_AWS_MQ_MQ_PREFETCH"));
    assertThat(setting(loaded, "mq_port").origin()).hasToString("t.ini:6");
    assertThat(setting(loaded, "mq_vhost").origin()).isEqualTo(Origin.DEFAULT);
    assertThat(setting(loaded, "mq_ca_file").origin()).isEqualTo(Origin.NOT_SET);
    assertThat(setting(loaded, "mq_qname_dead_letter"))
        .satisfies(s -> assertThat(s.value()).contains("to_ws.dead"))
        .satisfies(s -> assertThat(s.origin()).hasToString("mq_qname_to_ws"));
  }

  @Test
  void letsAnyKeyBeOverriddenByTheEnvironment() {
    EnvironmentSource source =
        new EnvironmentSource(
            Keys.ALL.stream().collect(Collectors.toMap(Key::environmentName, Key::example)));

    assertThat(Keys.ALL)
        .allSatisfy(
            key -> assertThat(source.find(key).orElseThrow().text()).isEqualTo(key.example()));
    assertThat(source.warnings()).isEmpty();
  }

  @Test
  void countsAnEmptyValueAsNone() throws ConfigurationException {
    Loaded loaded =
        Configurations.load(
            Configurations.with("aws_mq", "mq_prefetch=7\nmq_ttl_from_ws=\nclient_id="),
            Map.of("MBB_AWS_MQ_MQ_PREFETCH", ""),
            Configurations.BRIDGE);

    assertThat(loaded.configuration().get(AmqpKeys.PREFETCH)).isEqualTo(7);
    assertThat(loaded.configuration().get(AmqpKeys.TTL_FROM_WS)).hasMillis(300_000);
  }

  @Test
  void saysWhichVariableIsWrong() {
    assertThat(
            Configurations.lines(
                Configurations.refusal(
                        Configurations.MINIMAL,
                        Map.of("MBB_AWS_MQ_MQ_PORT", "amqp"),
                        Configurations.BRIDGE)
                    .problems()))
        .containsExactly(
            "aws_mq.mq_port (MBB_AWS_MQ_MQ_PORT): \"amqp\" is not a whole number; write a port from"
                + " 1 to 65535.");
  }

  @Test
  void readsKeysOfTheDefaultSectionInEachSection() throws ConfigurationException {
    Loaded loaded =
        Configurations.load(
            "[DEFAULT]\nmq_vhost=v\nnote=mine\n"
                + Configurations.MINIMAL.replace("=Pa55!", "=%(note)s"));

    assertThat(loaded.configuration().get(AmqpKeys.VHOST)).isEqualTo("v");
    assertThat(loaded.configuration().get(AmqpKeys.PASSWORD)).isEqualTo(new Secret("mine"));
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  void warnsOfUnknownNamesWithTheNearestKnownOne() throws ConfigurationException {
    assertThat(
            Configurations.warnings(
                Configurations.MINIMAL
                    + """
                    mq_prefetsch=7
                    ws_auth=none
                    zzzzzzzzzzzz=1
                    a1b2c3/+==
                    [AWS_CLOUDWATCH]
                    [other]
                    """))
        .containsExactly(
            "t.ini:10: mq_prefetsch is not a key of [aws_mq] and is ignored; did you mean"
                + " mq_prefetch?",
            "t.ini:11: ws_auth is not a key of [aws_mq] and is ignored; it belongs in [ws_api].",
            "t.ini:12: zzzzzzzzzzzz is not a key of [aws_mq] and is ignored.",
            "t.ini:13: what is set here is not a key of [aws_mq] and is ignored.",
            "t.ini:14: [AWS_CLOUDWATCH] is not a section that the bridge knows and is ignored; did"
                + " you mean [aws_cloudwatch]?",
            "t.ini:15: [other] is not a section that the bridge knows and is ignored.");
  }

  @Test
  void warnsOfVariablesThatSetNothing() throws ConfigurationException {
    Loaded loaded =
        Configurations.load(
            Configurations.MINIMAL,
            Map.of(
                "MBB_HOME", "/opt/mbb",
                "MBB_JAVA_OPTS", "-Xmx1g",
                "MBB_WS_API_WS_PROXIE", "x",
                "MBB_AWS_MQ_WS_PROXY", "x",
                "MBB_MQ_PORT", "1",
                "MBB_BRIDGE_ZZZZZZZZZZZZZZZZZZZZ", "1",
                "PATH", "/bin"),
            Configurations.BRIDGE);

    String ignored = ": this environment variable sets no key of the configuration and is ignored";
    assertThat(Configurations.lines(loaded.warnings()))
        .containsExactly(
            "MBB_AWS_MQ_WS_PROXY" + ignored + "; did you mean MBB_WS_API_WS_PROXY?",
            "MBB_BRIDGE_ZZZZZZZZZZZZZZZZZZZZ" + ignored + ".",
            "MBB_MQ_PORT" + ignored + "; did you mean MBB_AWS_MQ_MQ_PORT?",
            "MBB_WS_API_WS_PROXIE" + ignored + "; did you mean MBB_WS_API_WS_PROXY?");
  }

  @Test
  void warnsOfWhatIsLikelyNotMeant() throws ConfigurationException {
    assertThat(
            Configurations.warnings(
                """
                [ws_api]
                api_host=ws://api.example.com
                api_uri=/
                client_id=me
                client_secret=00
                ws_ca_file=pom.xml
                [aws_mq]
                mq_host=mq.example.com
                mq_tls=false
                mq_port=5671
                mq_ca_file=pom.xml
                mq_user_id=u
                mq_password=p
                mq_qname_to_ws=a
                mq_qname_from_ws=b
                mq_ttl_from_ws=0
                """))
        .containsExactly(
            "ws_api.ws_ca_file (t.ini:6): the file is not used, because api_host begins with ws://"
                + " and so is without TLS.",
            "ws_api.api_host (t.ini:2): credentials and messages go over the network unencrypted;"
                + " write wss:// if the API has it.",
            "aws_mq.mq_port (t.ini:10): 5671 is the port with TLS as a rule, but mq_tls is false;"
                + " one of the two may be wrong.",
            "aws_mq.mq_ca_file (t.ini:11): the file is not used, because mq_tls is false.",
            "aws_mq.mq_tls (t.ini:9): the password and all messages go over the network"
                + " unencrypted; set mq_tls=true if the broker has it.",
            "aws_mq.mq_ttl_from_ws (t.ini:16): with 0, a message from the API is dropped unless a"
                + " consumer is waiting for it.");
  }

  @Test
  void tellsTheWarningsWithTheErrors() {
    ConfigurationException refusal =
        Configurations.refusal(
            Configurations.MINIMAL.replace("mq_password", "mq_pasword"),
            Map.of(),
            Configurations.BRIDGE);

    assertThat(refusal.problems()).hasSize(1);
    assertThat(Configurations.lines(refusal.warnings()))
        .containsExactly(
            "t.ini:7: mq_pasword is not a key of [aws_mq] and is ignored; did you mean"
                + " mq_password?");
  }

  @Test
  void readsAwsMqAloneForTheTester() throws ConfigurationException {
    Loaded loaded =
        Configurations.load(
            Configurations.MINIMAL.replace("ws://", "nonsense") + "[bridge]\nhttp_port=x\n",
            Map.of(),
            Requirements.tester());

    assertThat(loaded.configuration().find(WebSocketKeys.API_HOST)).isEmpty();
    assertThat(loaded.configuration().get(BridgeKeys.HTTP_PORT)).isEmpty();
    assertThat(loaded.configuration().get(AmqpKeys.QUEUE_TO_WS)).isEqualTo("to_ws");
  }

  @Test
  void readsAFileWithByteOrderMarkAndCarriageReturns() throws IOException, ConfigurationException {
    Path file = directory.resolve("t.ini");
    Files.writeString(file, "\uFEFF" + Configurations.MINIMAL.replace("\n", "\r\n"));

    Loaded loaded = ConfigurationLoader.load(file, Map.of(), Configurations.BRIDGE);

    assertThat(loaded.configuration())
        .isEqualTo(Configurations.load(Configurations.MINIMAL).configuration());
  }

  @Test
  void leavesALonePercentSignAsItIs() throws ConfigurationException {
    assertThat(
            Configurations.load(Configurations.MINIMAL.replace("Pa55!", "%a%%b%(c%"))
                .configuration()
                .get(AmqpKeys.PASSWORD))
        .isEqualTo(new Secret("%a%b%(c%"));
  }

  @Test
  void saysHowToMakeTheDefaultFileWhenThereIsNone() {
    assertThat(refusalOf(ConfigurationLoader.DEFAULT_FILE))
        .isEqualTo(
            "There is no mq2wsbridge.ini in this directory; make one with ./mbb config --template >"
                + " mq2wsbridge.ini, or name another with -c.");
  }

  @Test
  void needsNoDefaultFileWhenTheEnvironmentSaysItAll() throws ConfigurationException {
    Loaded loaded =
        ConfigurationLoader.load(
            ConfigurationLoader.DEFAULT_FILE,
            Map.of(
                "MBB_WS_API_API_HOST", "ws://localhost:8080",
                "MBB_WS_API_API_URI", "/ws",
                "MBB_AWS_MQ_MQ_HOST", "localhost",
                "MBB_AWS_MQ_MQ_USER_ID", "user",
                "MBB_AWS_MQ_MQ_PASSWORD", "Pa55!",
                "MBB_AWS_MQ_MQ_QNAME_TO_WS", "to_ws",
                "MBB_AWS_MQ_MQ_QNAME_FROM_WS", "from_ws"),
            Configurations.BRIDGE);

    assertThat(loaded.configuration())
        .isEqualTo(Configurations.load(Configurations.MINIMAL).configuration());
  }

  @Test
  void saysWhyAFileCannotBeRead() throws IOException {
    Path missing = directory.resolve("no.ini");
    Path large = Files.write(directory.resolve("large.ini"), new byte[(1 << 20) + 1]);
    Path latin1 =
        Files.writeString(
            directory.resolve("latin1.ini"), "[a]\nk=1\nj=\u00e4\n", StandardCharsets.ISO_8859_1);
    Path cut = Files.write(directory.resolve("cut.ini"), new byte[] {'[', 'a', ']', (byte) 0xC3});
    Path empty = Files.writeString(directory.resolve("empty.ini"), "# nothing\n");
    Path noSection = Files.writeString(directory.resolve("nosection.ini"), "client_id=1\n");

    assertThat(refusalOf(missing))
        .isEqualTo("There is no file " + missing + "; name another with -c.");
    assertThat(refusalOf(directory))
        .isEqualTo(directory + " is a directory; name the INI file in it with -c.");
    assertThat(refusalOf(large))
        .isEqualTo(
            large + " is larger than 1 MiB, so it is not a configuration; name another with -c.");
    assertThat(refusalOf(latin1))
        .isEqualTo("Line 3 of " + latin1 + " is not UTF-8; save the file in that encoding.");
    assertThat(refusalOf(cut))
        .isEqualTo("Line 1 of " + cut + " is not UTF-8; save the file in that encoding.");
    String has =
        " has no section; it has to have [ws_api] and [aws_mq] at least (see ./mbb config"
            + " --template).";
    assertThat(refusalOf(empty)).isEqualTo(empty + has);
    assertThat(refusalOf(noSection)).isEqualTo(noSection + has);
  }

  @Test
  void startsFromTheShippedSampleOnceItIsFilledIn() throws ConfigurationException {
    String sample =
        """
        # WebSocket API
        [ws_api]
        client_id=11111111111111111111111111111111
        client_secret=2222222222222222222222222222222222222222222222222222222222222222
        api_host=wss://api.somewhere.com
        api_uri=/path/to/ws
        ws_ping_interval=10
        ws_max_connect_attempts=10
        ws_attempt_window_secs=60

        # Amazon MQ
        [aws_mq]
        mq_broker_id=b-11111111-2222-3333-4444-555555555555
        mq_user_id=user
        mq_password=word
        mq_region=us-east-1
        mq_port=5671
        mq_qname_to_ws=to_ws
        mq_qname_from_ws=from_ws
        mq_ttl_from_ws=300000
        mq_consumer_tag=mqhandler

        [aws_cloudwatch]
        cw_region=us-east-1
        cw_log_group=mq2wsbridge
        cw_log_stream=stream
        cw_retention_days=30
        cw_metrics_namespace=mq2wsbridge
        cw_metrics_resolution=10
        """;

    Loaded loaded = Configurations.load(sample, Map.of(), Requirements.bridge(false, true, true));

    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.configuration().get(WebSocketKeys.AUTH)).isEqualTo(WebSocketConfig.Auth.JWT);
  }
}
