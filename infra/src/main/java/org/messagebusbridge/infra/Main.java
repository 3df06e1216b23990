package org.messagebusbridge.infra;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.App;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Validations;

/** The program that cdk.json names; the CDK's command line runs it. */
public final class Main {
  private Main() {}

  /** Ends with exit code 2 and a sentence for each mistake in the options. */
  public static void main(String[] args) {
    App app = new App();
    try {
      build(app, Optional.ofNullable(System.getProperty("mbb.version")).orElse("latest"));
    } catch (OptionsException e) {
      e.problems().forEach(problem -> System.err.println("error: " + problem));
      System.exit(2);
    }
    try {
      app.synth();
    } catch (RuntimeException e) { // the kernel's, whose message has a stack trace of its own
      System.err.println("error: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      System.exit(1);
    }
  }

  /**
   * Puts the stacks into an app, and the rules that they are held to.
   *
   * @param version of the product
   */
  static Options build(App app, String version) throws OptionsException {
    @SuppressWarnings("unchecked")
    Map<String, Object> context = (Map<String, Object>) app.getNode().getAllContext();
    Options options = OptionsReader.read(context, version);
    StackProps props = StackProps.builder().tags(Map.of("application", "messagebusbridge")).build();
    StackProps main =
        StackProps.builder()
            .tags(props.getTags())
            .terminationProtection(options.isProtected())
            .description("MessageBusBridge: queues of a broker, and a WebSocket API")
            .build();
    Registry registry = new Registry(app, options.stackName() + "-Images", props);
    BridgeStack bridge = new BridgeStack(app, options.stackName(), main, options);
    bridge.addStackDependency(registry);
    options
        .pipeline()
        .ifPresent(
            pipeline ->
                new PipelineStack(
                    app, options.stackName() + "-Pipeline", props, pipeline, options));
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    return options;
  }
}
