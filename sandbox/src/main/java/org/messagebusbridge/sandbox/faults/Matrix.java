package org.messagebusbridge.sandbox.faults;

import java.util.List;
import java.util.stream.Stream;

/** All rows, in the order of the table. */
public final class Matrix {

  private Matrix() {}

  /** Every row that there is. */
  public static List<Row> rows() {
    return Stream.of(
            WebSocketRows.all(),
            BrokerRows.all(),
            HostRows.all(),
            ProcessRows.all(),
            StandbyRows.all(),
            PoisonRows.all(),
            ServiceRows.all(),
            LargeRows.all())
        .flatMap(List::stream)
        .toList();
  }
}
