package org.messagebusbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
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
  void givesPortsThatCanBeListenedOn() throws Exception {
    try (var socket = new ServerSocket(FreePorts.next(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(socket.isBound()).isTrue();
    }
  }
}
