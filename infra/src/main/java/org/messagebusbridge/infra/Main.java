package org.messagebusbridge.infra;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.messagebusbridge.infra.smoke.Deployed;
import software.amazon.awscdk.App;
import software.amazon.awscdk.DefaultStackSynthesizer;
import software.amazon.awscdk.PermissionsBoundary;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Validations;

/** The program that cdk.json names; the CDK's command line runs it. */
public final class Main {
  private Main() {}

  /** Ends with exit code 2 and a sentence for each mistake in the options. */
  public static void main(String[] args) {
    App app = new App();
    try {
      build(app, EnvironmentFile.FOLDER);
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
   * @param environments the folder of the environments' files
   */
  static Options build(App app, Path environments) throws OptionsException {
    @SuppressWarnings("unchecked")
    Map<String, Object> context = (Map<String, Object>) app.getNode().getAllContext();
    Options options = OptionsReader.read(context, environments);
    String name = options.stackName();
    Registry registry =
        new Registry(app, name + "-Images", props(options, "images").build(), options);
    BaseStack base =
        new BaseStack(
            app,
            name + Deployed.BASE,
            props(options, "network, broker, logs")
                .terminationProtection(options.isProtected())
                .build(),
            options);
    BridgeStack bridge =
        new BridgeStack(app, name, props(options, "the bridge").build(), options, base);
    bridge.addStackDependency(registry);
    options
        .pipeline()
        .ifPresent(
            pipeline ->
                new PipelineStack(
                    app,
                    name + "-Pipeline",
                    props(options, "what workflows may do").build(),
                    pipeline,
                    options));
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    return options;
  }

  private static StackProps.Builder props(Options options, String what) {
    Map<String, String> tags = new TreeMap<>(options.account().tags());
    tags.put("application", "messagebusbridge");
    tags.put("stack", options.stackName());
    StackProps.Builder props =
        StackProps.builder()
            .tags(tags)
            .description("MessageBusBridge: " + what)
            .synthesizer(
                DefaultStackSynthesizer.Builder.create()
                    .qualifier(options.account().qualifier())
                    .build());
    options
        .account()
        .boundary()
        .ifPresent(arn -> props.permissionsBoundary(PermissionsBoundary.fromArn(arn)));
    return props;
  }
}
