package org.messagebusbridge.sandbox.faults;

import java.util.List;
import java.util.stream.Stream;

/** All rows, by the tables that they are recorded in. */
public final class Matrix {

  private Matrix() {}

  /**
   * A table.
   *
   * @param name of its marks in the page
   * @param rows in their order
   */
  public record Table(String name, List<Row> rows) {}

  /** Every row that there is. */
  public static List<Table> tables() {
    return List.of(new Table("matrix", matrix()), new Table("service", ServiceRows.all()));
  }

  private static List<Row> matrix() {
    return Stream.of(
            WebSocketRows.all(),
            BrokerRows.all(),
            HostRows.all(),
            ProcessRows.all(),
            StandbyRows.all(),
            PoisonRows.all(),
            LargeRows.all())
        .flatMap(List::stream)
        .toList();
  }
}
