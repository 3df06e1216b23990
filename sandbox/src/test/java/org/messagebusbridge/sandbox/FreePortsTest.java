package org.messagebusbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {

  @Test
  void givesEachPortOnceAndBelowTheRangeOfOutgoingConnections() {
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      assertThat(ports.add(FreePorts.next())).isTrue();
    }
    assertThat(ports).allSatisfy(port -> assertThat(port).isBetween(10_240, 32_767));
  }

  @Test
  void givesPortsThatCanBeListenedOnAgainAndAgain() throws Exception {
    int port = FreePorts.next();
    for (int i = 0; i < 3; i++) {
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(socket.isBound()).isTrue();
      }
    }
  }

  @Test
  void keepsAPortFromOthersAndFindsNobodyThereUntilItIsListenedOn() throws Exception {
    int port = FreePorts.next();
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(ConnectException.class);
    try (var other = new Socket()) {
      other.setReuseAddress(false); // as another JVM's FreePorts does
      assertThatThrownBy(
              () -> other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
          .isInstanceOf(BindException.class);
    }
  }
}
