package org.messagebusbridge.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the operator of a {@link RabbitNode} does to its clients and queues, by {@code rabbitmqctl}:
 * each call takes about half a second. Connections are named as their clients name them. All
 * methods throw {@link SandboxException} when the node refuses.
 */
public final class RabbitOperator {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RabbitNode node;

  /** The operator of this node. */
  public RabbitOperator(RabbitNode node) {
    this.node = node;
  }

  /** The names of the connections that are open. */
  public List<String> connections() {
    return listConnections().stream().map(Connection::name).toList();
  }

  private record Connection(String pid, String name) {}

  private List<Connection> listConnections() {
    return node.ctl("-q", "list_connections", "--no-table-headers", "pid", "client_properties")
        .lines()
        .map(line -> line.split("\t", 2))
        .filter(columns -> columns.length == 2)
        .map(columns -> new Connection(columns[0], givenName(columns[1])))
        .toList();
  }

  /** {@code [{"connection_name","mbb publish"},...]}. */
  private static String givenName(String properties) {
    String key = "{\"connection_name\",\"";
    int begin = properties.indexOf(key);
    return begin < 0
        ? ""
        : properties.substring(
            begin + key.length(), properties.indexOf("\"}", begin + key.length()));
  }

  /**
   * Closes connections, which their clients see as 320, {@code CONNECTION_FORCED}.
   *
   * @param names which ones
   * @return how many that were
   */
  public int closeConnections(Predicate<String> names, String reason) {
    List<Connection> chosen =
        listConnections().stream().filter(open -> names.test(open.name())).toList();
    chosen.forEach(connection -> node.ctl("close_connection", connection.pid(), reason));
    return chosen.size();
  }

  /**
   * Has the node close the channels of a connection with a channel error, as it does over a
   * client's mistake: 406, {@code PRECONDITION_FAILED - unknown delivery tag}.
   *
   * @param connection its name: letters, digits, blanks and hyphens
   * @return how many channels that were
   */
  public int failChannels(String connection) {
    // They are made to see an acknowledgement of a delivery that there never was.
    return Integer.parseInt(
        node.ctl(
            "-q",
            "eval",
            """
            Info = fun(Module, Process, Item) ->
                case catch Module:info(Process, [Item]) of
                  [{Item, Value}] -> [Value];
                  _ -> [] %% it has just ended
                end
              end,
            length([rabbit_channel_common:do(Channel, {'basic.ack', 4611686018427387904, false})
              || Channel <- rabbit_channel:list_local(),
                 Connection <- Info(rabbit_channel, Channel, connection),
                 Properties <- Info(rabbit_reader, Connection, client_properties),
                 {<<"connection_name">>, _, <<"%s">>} <- Properties]).
            """
                .formatted(connection)));
  }

  /**
   * Sets a policy, or changes it.
   *
   * @param pattern of queue names, a regular expression
   * @param definition JSON, such as {@code {"max-length": 10}}
   * @param applyTo such as {@code queues}
   */
  public void setPolicy(String name, String pattern, String definition, String applyTo) {
    node.ctl("set_policy", name, pattern, definition, "--apply-to", applyTo);
  }

  /** Removes a policy. */
  public void clearPolicy(String name) {
    node.ctl("clear_policy", name);
  }

  /** Deletes a queue with all that is in it; its consumers are cancelled. */
  public void deleteQueue(String queue) {
    node.ctl("delete_queue", queue);
  }

  /** The names of all queues. */
  public List<String> queues() {
    return node.ctl("-q", "list_queues", "--no-table-headers", "name").lines().toList();
  }

  /**
   * The arguments that a queue was declared with.
   *
   * @throws SandboxException also when there is no such queue
   */
  public Map<String, Object> arguments(String queue) {
    String listed = node.ctl("-q", "list_queues", "--formatter", "json", "name", "arguments");
    try {
      return JSON.readValue(listed, new TypeReference<List<QueueRow>>() {}).stream()
          .filter(row -> row.name().equals(queue))
          .findFirst()
          .map(QueueRow::asMap)
          .orElseThrow(() -> new SandboxException("There is no queue %s".formatted(queue)));
    } catch (JsonProcessingException e) {
      throw new SandboxException("The list of queues cannot be read: " + listed, e);
    }
  }

  /** Its arguments as the JSON formatter has them: name, AMQP type, value. */
  record QueueRow(String name, List<List<Object>> arguments) {
    Map<String, Object> asMap() {
      return arguments.stream()
          .collect(
              Collectors.toMap(argument -> String.valueOf(argument.getFirst()), List::getLast));
    }
  }
}
