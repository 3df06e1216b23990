package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.Configurations;
import org.messagebusbridge.config.Requirements;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.websocket.WebSocketConfig.Auth;

class WebSocketConfigTest {
  private static WebSocketConfig read(String ini) throws ConfigurationException {
    return new WebSocketConfig(Configurations.load(ini).configuration());
  }

  @ParameterizedTest
  @CsvSource({
    "ws://localhost:8080, localhost, 8080",
    "ws://localhost, localhost, 80",
    "WSS://Api.Example.com., Api.Example.com., 443",
    "wss://shop_market_api_1:8443, shop_market_api_1, 8443",
    "ws://_api.shop_net.:81, _api.shop_net., 81",
    "ws://web.1.x3fz, web.1.x3fz, 80",
    "wss://127.0.0.1:444, 127.0.0.1, 444",
    "ws://[::1], [::1], 80",
    "wss://[fd00::7]:444, [fd00::7], 444"
  })
  void takesHostsAsTheInternetAndContainersNameThem(String apiHost, String host, int port)
      throws ConfigurationException {
    WebSocketConfig config =
        read(Configurations.MINIMAL.replace("=ws://localhost:8080", "=" + apiHost));

    assertThat(config.host()).isEqualTo(host);
    assertThat(config.port()).isEqualTo(port);
    assertThat(config.secure()).isEqualTo(port > 400 && !apiHost.startsWith("ws://"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://my_proxy:3128, my_proxy",
    "http://proxy.example.com.:3128, proxy.example.com.",
    "http://u:p@[::1]:3128, [::1]"
  })
  void takesProxiesAsTheInternetAndContainersNameThem(String proxy, String host)
      throws ConfigurationException {
    WebSocketConfig config = read(Configurations.with("ws_api", "ws_proxy=" + proxy));

    assertThat(config.proxy().orElseThrow().host()).isEqualTo(host);
  }

  @Test
  void takesCredentialsForThoseOfAJwt() throws ConfigurationException {
    WebSocketConfig config =
        read(Configurations.with("ws_api", "client_id=me\nclient_secret=00fF"));

    assertThat(config.auth()).isEqualTo(Auth.JWT);
    assertThat(config.clientSecret()).contains(new Secret("00fF"));
  }

  @Test
  void needsNoCredentialsHereWhenTheyAreInSecretsManager() throws ConfigurationException {
    WebSocketConfig config =
        read(
            Configurations.with(
                "ws_api",
                "ws_secret_arn=arn:aws:secretsmanager:us-east-1:123456789012:secret:ws-AbCdEf"));

    assertThat(config.auth()).isEqualTo(Auth.JWT);
    assertThat(config.clientId()).isEmpty();
    assertThat(config.clientSecret()).isEmpty();
  }

  @Test
  void isNotReadForAStub() throws ConfigurationException {
    String ini = Configurations.with("ws_api", "client_secret=not hex");

    Configuration configuration =
        Configurations.load(ini, Map.of(), Requirements.bridge(true, false, false)).configuration();

    assertThat(configuration.find(WebSocketKeys.API_HOST)).isEmpty();
  }
}
