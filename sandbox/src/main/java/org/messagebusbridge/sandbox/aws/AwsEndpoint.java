package org.messagebusbridge.sandbox.aws;

import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.messagebusbridge.sandbox.FaultProxy;
import org.messagebusbridge.sandbox.SandboxException;

/**
 * AWS for one test: an endpoint on 127.0.0.1, an account in which there is nothing yet, and what
 * came through.
 *
 * <pre>
 *   product --&gt; network() --&gt; traffic(), faults(), limits --&gt; emulator
 *               slow, dead,   deny, throttle, fail            LocalStack or localemu
 *               refused, cut
 * </pre>
 *
 * <p>Safe for use by several threads.
 */
public final class AwsEndpoint implements AutoCloseable {

  static final String ROOT_KEY = "test";

  private static final String REGION = "eu-central-1";
  private static final AtomicLong NEXT_ACCOUNT = new AtomicLong(111_122_220_000L);

  private final Emulator emulator;
  private final boolean ownEmulator;
  private final AwsCredentials credentials;
  private final AwsTraffic traffic = new AwsTraffic();
  private final AwsFaults faults = new AwsFaults();
  private final AwsGateway gateway;
  private final FaultProxy network;

  private AwsEndpoint(Emulator emulator, boolean ownEmulator, String accessKey) {
    this.emulator = emulator;
    this.ownEmulator = ownEmulator;
    credentials = new AwsCredentials(accessKey, "not-checked-" + accessKey);
    try {
      gateway = new AwsGateway(emulator.uri(), traffic, faults);
    } catch (IOException e) {
      throw new SandboxException("no proxy could be started: " + e.getMessage(), e);
    }
    network = FaultProxy.to("127.0.0.1", gateway.port());
  }

  /**
   * An account of an emulator that all of this JVM share; the first call takes 3 to 8 s.
   *
   * @throws SandboxException when there is no emulator here, or it does not start
   */
  public static AwsEndpoint open() {
    return new AwsEndpoint(Shared.EMULATOR, false, Long.toString(NEXT_ACCOUNT.incrementAndGet()));
  }

  /**
   * An emulator of one's own, which does more; takes 3 to 8 s and some 500 MiB.
   *
   * @throws SandboxException when there is none here, or it does not start
   */
  public static AwsEndpoint open(AwsOption first, AwsOption... others) {
    return new AwsEndpoint(Emulator.start(EnumSet.of(first, others)), true, ROOT_KEY);
  }

  /**
   * Stands before an emulator that runs already and goes on when this is closed.
   *
   * @param emulator where it answers
   */
  public static AwsEndpoint before(URI emulator) {
    return new AwsEndpoint(new Running(emulator), false, ROOT_KEY);
  }

  /**
   * What this machine lacks for {@link #open()} and all options, and the command that gets it: one
   * line, or empty.
   */
  public static Optional<String> missing() {
    return Emulator.missing(Set.of()).or(() -> Emulator.missing(EnumSet.allOf(AwsOption.class)));
  }

  /** Where to send requests to. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + network.port());
  }

  /** The region that is meant by {@link #environment}. */
  public String region() {
    return REGION;
  }

  /** Those of the account itself. */
  public AwsCredentials credentials() {
    return credentials;
  }

  /** What a process has to have in its environment to use this, as the account itself. */
  public Map<String, String> environment() {
    return environment(credentials);
  }

  /** What a process has to have in its environment to use this, as that caller. */
  public Map<String, String> environment(AwsCredentials caller) {
    return Map.of(
        "AWS_ENDPOINT_URL",
        uri().toString(),
        "AWS_REGION",
        REGION,
        "AWS_ACCESS_KEY_ID",
        caller.accessKeyId(),
        "AWS_SECRET_ACCESS_KEY",
        caller.secretAccessKey(),
        "AWS_EC2_METADATA_DISABLED",
        "true",
        "AWS_CONFIG_FILE",
        "/nonexistent/config",
        "AWS_SHARED_CREDENTIALS_FILE",
        "/nonexistent/credentials");
  }

  /** What may go wrong on the way: delays, standstills, refused and cut connections. */
  public FaultProxy network() {
    return network;
  }

  /** What was asked, and what went beyond AWS's limits. */
  public AwsTraffic traffic() {
    return traffic;
  }

  /** What may go wrong with requests. */
  public AwsFaults faults() {
    return faults;
  }

  /** Asks the emulator itself: unseen by {@link #traffic}, untouched by faults. */
  public AwsCaller direct() {
    return new AwsCaller(emulator.uri(), REGION, credentials);
  }

  /** Which emulator it is. */
  @Override
  public String toString() {
    return emulator.name() + " at " + uri();
  }

  /**
   * Ends it.
   *
   * @throws SandboxException when a request went beyond a limit of AWS's, with the sentences of
   *     {@link AwsTraffic#violations}
   */
  @Override
  public void close() {
    network.close();
    gateway.close();
    if (ownEmulator) {
      emulator.close();
    }
    if (!traffic.violations().isEmpty()) {
      throw new SandboxException(
          "AWS would have refused this: " + String.join("; ", traffic.violations()));
    }
  }

  /** One that is not ours to end. */
  private record Running(URI uri) implements Emulator {
    @Override
    public String name() {
      return "emulator";
    }

    @Override
    public void close() {}
  }

  /** Ends with the JVM. */
  private static final class Shared {
    static final Emulator EMULATOR = Emulator.start(Set.of());
  }
}
