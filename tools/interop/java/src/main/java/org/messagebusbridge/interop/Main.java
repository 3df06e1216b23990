package org.messagebusbridge.interop;

/** Runs an echo service on the server that is named, until a signal ends it. */
final class Main {

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    Behaviour behaviour = Behaviour.of(System.getenv());
    int port =
        switch (arguments.length == 1 ? arguments[0] : "") {
          case "jetty" -> JettyService.start(behaviour);
          case "tomcat" -> TomcatService.start(behaviour);
          case "undertow" -> UndertowService.start(behaviour);
          case "vertx" -> VertxService.start(behaviour);
          default -> {
            System.err.println("usage: Main jetty | tomcat | undertow | vertx");
            System.exit(2);
            yield 0;
          }
        };
    Behaviour.say("port " + port);
    Thread.currentThread().join();
  }
}
