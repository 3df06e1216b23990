package org.messagebusbridge.sandbox.demo;

/** How to go on after the demo. */
final class NextSteps {

  private NextSteps() {}

  static String text() {
    return """

      To go on with a broker and a service of your own, write mq2wsbridge.ini:

        [aws_mq]
        mq_host = broker.example.com
        mq_user_id = bridge
        mq_password = ...
        mq_qname_to_ws = to_ws
        mq_qname_from_ws = from_ws

        [ws_api]
        api_host = wss://api.example.com
        api_uri = /path
        client_id = ...
        client_secret = ...

      and start   ./mbb bridge -v   (every key: ./mbb config --template),
      then, if the service echoes,   ./mbb tester   in another terminal.
      This demo runs on them too:

        ./mbb demo --broker amqps://user:password@host/ --ws wss://host/path
    """;
  }
}
