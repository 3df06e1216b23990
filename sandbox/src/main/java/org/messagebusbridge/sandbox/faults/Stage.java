package org.messagebusbridge.sandbox.faults;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.FaultProxy;
import org.messagebusbridge.sandbox.RabbitCluster;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.ResendingPeer;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.child.BrokerUri;
import org.messagebusbridge.sandbox.child.Resources;
import org.messagebusbridge.sandbox.child.Service;
import org.messagebusbridge.sandbox.child.Settings;
import org.messagebusbridge.sandbox.interop.EchoService;

/**
 * All that a row runs with: broker, bridges, the peer and the proxy before it, and the load. The
 * row's thread uses it; what it hands out is safe for use by several.
 *
 * <pre>
 *   sender -> queue to_ws   -> bridge -> proxy -> service, peer -> tally
 *   tally  <- queue from_ws <- bridge <- proxy <- service, peer <- feeder
 * </pre>
 */
public final class Stage implements AutoCloseable {

  private static final Duration TIME_TO_START = Duration.ofSeconds(60);
  private static final Duration TIME_TO_CONNECT = Duration.ofSeconds(45);

  private final Resources resources = new Resources();
  private final Target target;
  private final Broker broker;
  private final Setup setup;
  private final BridgeUnderTest.Starter starter;
  private final Random random;
  private final Consumer<String> progress;
  private final String queueToWs;
  private final String queueFromWs;
  private final Tally toWs = new Tally();
  private final Tally fromWs = new Tally();
  private final CountingPeer script;
  private final ResendingPeer peer;
  private final WebSocketService service;
  private final Optional<EchoService> guest;
  private final FaultProxy proxy;
  private final QueueSender sender;
  private final Feeder feeder;
  private final Recoveries recoveries;
  private Optional<QueueReceiver> receiver = Optional.empty();
  private final List<BridgeUnderTest> bridges = Collections.synchronizedList(new ArrayList<>());
  private final List<String> notes = new ArrayList<>();
  private long unsaved;
  private final List<String> failures = new ArrayList<>();
  private final Map<Flow, IntPredicate> culprits = new EnumMap<>(Flow.class);
  private volatile QueueSender.Body bodies;
  private int mayGiveUp;
  private int faults;

  /** What is done to the running system. */
  @FunctionalInterface
  public interface Fault {
    void strike() throws Exception;
  }

  Stage(
      String name,
      Target target,
      Broker broker,
      Setup setup,
      BridgeUnderTest.Starter starter,
      Random random,
      Consumer<String> progress) {
    this.target = target;
    this.broker = broker;
    this.setup = setup;
    this.starter = starter;
    this.random = random;
    this.progress = progress;
    queueToWs = name + ".to_ws";
    queueFromWs = name + ".from_ws";
    script = new CountingPeer(toWs, fromWs, setup.size());
    peer = new ResendingPeer(script, setup.window());
    service = resources.open(() -> WebSocketService.builder().behaviour(peer).start());
    bodies = message -> message.bytes(setup.size());
    guest = setup.guest().map(some -> resources.open(() -> start(some)));
    int port = guest.map(EchoService::port).orElse(service.port());
    proxy = resources.open(() -> FaultProxy.to("127.0.0.1", port));
    setup.queuesMadeBefore().ifPresent(this::declareQueues);
    sender =
        resources.open(
            () -> new QueueSender(this::connect, queueToWs, toWs, message -> bodies.of(message)));
    feeder = resources.open(() -> new Feeder(peer));
    recoveries = new Recoveries(new RateWatch(setup.perSecond(), List.of(toWs, fromWs)));
  }

  private EchoService start(Setup.Guest some) throws InterruptedException {
    return EchoService.start(some.peer(), withoutReply(some.behaviour()), this::handled);
  }

  /** A foreign service that takes messages and sends none behaves like this. */
  static Map<String, String> withoutReply(Map<String, String> behaviour) {
    Map<String, String> all = new HashMap<>(behaviour);
    all.put("ECHO_REPLY", "none");
    return all;
  }

  private void handled(String head) {
    Numbered.of(head.getBytes(StandardCharsets.ISO_8859_1))
        .ifPresentOrElse(message -> toWs.received(message, false), toWs::foreign);
  }

  /** Starts the bridges and the receiver, and the load when the setup says so. */
  void open() throws InterruptedException {
    for (int i = 0; i < setup.bridges(); i++) {
      BridgeUnderTest bridge = startBridge();
      if (guest.isEmpty()) { // a guest may be one that nothing can be relayed to
        bridge.awaitRelaying(TIME_TO_START);
      }
    }
    beginTaking();
    if (setup.loaded()) {
      beginLoad();
      awaitFlow();
    }
  }

  /** Waits until the load that was begun flows at the rate that this machine gets to. */
  public void awaitFlow() throws InterruptedException {
    recoveries.awaitFlow();
  }

  /** A connection to the broker that no fault of the row touches. */
  public Connection connect(String name) throws IOException, TimeoutException {
    return broker.connectionFactory().newConnection(name);
  }

  private void declareQueues(Map<String, Object> arguments) {
    Map<String, Object> all = new HashMap<>(arguments);
    all.putIfAbsent("x-queue-type", target.queueType());
    onChannel(
        channel -> {
          channel.queueDeclare(queueToWs, true, false, false, all);
          channel.queueDeclare(queueFromWs, true, false, false, all);
        });
  }

  /** Something that is done on a channel of its own. */
  @FunctionalInterface
  public interface ChannelUse {
    void on(Channel channel) throws IOException;
  }

  /**
   * Does something on a channel of its own.
   *
   * @throws SandboxException when it fails
   */
  public void onChannel(ChannelUse use) {
    try (Connection connection = connect("faults")) {
      use.on(connection.createChannel());
    } catch (IOException | TimeoutException e) {
      throw new SandboxException("The broker refused: " + e.getMessage() + ".", e);
    }
  }

  /** Starts one more bridge; it does not relay yet when this returns. */
  public BridgeUnderTest startBridge() {
    return startBridge(BrokerUri.of(broker));
  }

  /**
   * As the other one.
   *
   * @param address of the row's broker: that of a proxy before it, for one
   */
  public BridgeUnderTest startBridge(BrokerUri address) {
    Map<String, String> keys = new HashMap<>(setup.keys());
    setup
        .queuesMadeBefore()
        .ifPresentOrElse(
            given -> {}, () -> keys.put("MBB_AWS_MQ_MQ_QUEUE_TYPE", target.queueType()));
    String uri = guest.isPresent() ? "/echo" : service.uri();
    Service api = new Service("ws://127.0.0.1:" + proxy.port(), uri, Optional.empty());
    Settings settings = new Settings(address, Optional.of(api), queueToWs, queueFromWs);
    BridgeUnderTest bridge = resources.open(() -> starter.start(settings, keys));
    bridges.add(bridge);
    return bridge;
  }

  /** Begins to take what comes into the queue from_ws; it does from the start. */
  public void beginTaking() {
    receiver =
        Optional.of(
            resources.open(
                () -> QueueReceiver.counting(this::connect, queueFromWs, Flow.FROM_WS, fromWs)));
  }

  /** Leaves what comes into the queue from_ws in it, until {@link #beginTaking}. */
  public void endTaking() {
    receiver.ifPresent(QueueReceiver::close);
  }

  /** Begins to send both ways at the setup's rate. */
  public void beginLoad() {
    sender.begin(setup.perSecond());
    feeder.begin(setup.perSecond());
  }

  /** Sends nothing new, either way. */
  public void endLoad() {
    sender.pause();
    feeder.pause();
  }

  /**
   * Injects one fault and waits until messages flow at the full rate again, both ways.
   *
   * @param fault returns when it is over: the time to recover counts from then
   */
  public void fault(Fault fault) throws Exception {
    strike(fault);
    awaitFullRate();
  }

  /**
   * Injects one fault that ends the WebSocket, and waits until there is another and messages flow
   * at the full rate again, both ways. The time to recover counts from the fault.
   */
  public void faultOfConnection(Fault fault) throws Exception {
    int before = peer.connections();
    strike(fault);
    long since = System.nanoTime();
    await(() -> peer.connections() > before, TIME_TO_CONNECT, "the bridge did not connect again");
    awaitFullRate(since);
  }

  /** Injects one fault and waits for nothing. */
  public void strike(Fault fault) throws Exception {
    faults++;
    fault.strike();
    progress.accept(faults + (faults == 1 ? " fault" : " faults"));
  }

  /** Waits until messages flow at the full rate, both ways, and notes how long that took. */
  public void awaitFullRate() throws InterruptedException {
    awaitFullRate(System.nanoTime());
  }

  private void awaitFullRate(long since) throws InterruptedException {
    recoveries.await(since);
    if (bridges().stream().noneMatch(BridgeUnderTest::isRunning)) {
      throw new SandboxException("No bridge runs any more: " + bridge().lastWords());
    }
  }

  /** Waits for a random time in this range, while messages flow. */
  public void flow(Duration least, Duration most) throws InterruptedException {
    long range = most.minus(least).toMillis();
    Thread.sleep(least.toMillis() + (range == 0 ? 0 : random.nextLong(range)));
  }

  /**
   * Waits until a condition holds.
   *
   * @throws SandboxException with this sentence, when it does not in time
   */
  public void await(BooleanSupplier condition, Duration timeout, String otherwise)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new SandboxException(otherwise + " within " + timeout.toSeconds() + " s");
      }
      Thread.sleep(5);
    }
  }

  /** Of so many messages to_ws the acknowledgements may have died with the broker. */
  public void unsaved(long messages) {
    unsaved += messages;
  }

  /** Adds something to the row's notes in the table. */
  public void note(String text) {
    notes.add(text);
  }

  /** Fails the row, with this sentence, unless the condition holds. */
  public void check(boolean holds, String otherwise) {
    if (!holds) {
      failures.add(otherwise);
    }
  }

  /** These messages, and no others, are to be given up. */
  public void expectGivenUp(Flow flow, IntPredicate numbers) {
    culprits.put(flow, numbers);
  }

  /** Besides those, so many messages to_ws may be given up that did nothing wrong. */
  public void mayGiveUp(int healthy) {
    mayGiveUp = healthy;
  }

  /** What the messages to_ws are made of from now on. */
  public void bodies(QueueSender.Body body) {
    bodies = body;
  }

  /** Says how far the row is. */
  public void progress(String text) {
    progress.accept(text);
  }

  /** Opens something that is closed, the last first, when the row is over. */
  public <T extends AutoCloseable> T open(Callable<T> opening) {
    return resources.open(opening);
  }

  /** The latest bridge. */
  public BridgeUnderTest bridge() {
    return bridges.getLast();
  }

  /** All bridges that were ever started, in that order. */
  public List<BridgeUnderTest> bridges() {
    return List.copyOf(bridges);
  }

  public Target target() {
    return target;
  }

  public Setup setup() {
    return setup;
  }

  /** The one node of a target that is no cluster. */
  public RabbitNode node() {
    if (broker instanceof RabbitNode node) {
      return node;
    }
    throw new IllegalStateException("no single node on " + target);
  }

  /** The nodes of a target that is a cluster. */
  public RabbitCluster cluster() {
    if (broker instanceof RabbitCluster cluster) {
      return cluster;
    }
    throw new IllegalStateException("no cluster on " + target);
  }

  /** Before the peer. */
  public FaultProxy proxy() {
    return proxy;
  }

  public WebSocketService service() {
    return service;
  }

  /** The foreign service of a setup that has one. */
  public EchoService guest() {
    return guest.orElseThrow(() -> new IllegalStateException("no foreign service"));
  }

  public ResendingPeer peer() {
    return peer;
  }

  /** What the peer sends, and thinks of what it hears. */
  public CountingPeer script() {
    return script;
  }

  /** Sends to the queue. */
  public QueueSender sender() {
    return sender;
  }

  /** Has the peer send. */
  public Feeder feeder() {
    return feeder;
  }

  public Tally tally(Flow flow) {
    return flow == Flow.TO_WS ? toWs : fromWs;
  }

  public String queue(Flow flow) {
    return flow == Flow.TO_WS ? queueToWs : queueFromWs;
  }

  /** Where what cannot be delivered goes. */
  public String deadLetterQueue() {
    return queueToWs + ".dead";
  }

  /** From a seed that is printed. */
  public Random random() {
    return random;
  }

  int faults() {
    return faults;
  }

  Recoveries recoveries() {
    return recoveries;
  }

  IntPredicate culprits(Flow flow) {
    return culprits.getOrDefault(flow, number -> false);
  }

  int mayGiveUp(Flow flow) {
    return flow == Flow.TO_WS ? mayGiveUp : 0;
  }

  long unsaved() {
    return unsaved;
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Ends all of it and deletes the queues. */
  @Override
  public void close() {
    resources.close();
    onChannel(
        channel -> {
          for (String queue : List.of(queueToWs, queueFromWs, deadLetterQueue())) {
            channel.queueDelete(queue);
          }
        });
  }
}
