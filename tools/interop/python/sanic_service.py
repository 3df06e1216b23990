"""An echo service on Sanic."""

from sanic import Sanic

import behaviour

application = Sanic("echo", configure_logging=False)
application.config.WEBSOCKET_MAX_SIZE = behaviour.LARGEST


@application.websocket("/<path:path>")
@application.websocket("/", name="root")
async def echo(request, connection, path=""):
    code = behaviour.opened()
    while not code:
        message = await connection.recv()
        if message is None:
            return
        code = await behaviour.handle(message)
        if behaviour.REPLIES and not code:
            await connection.send(message)
    await connection.close(code, behaviour.REASON)


if __name__ == "__main__":
    application.run(sock=behaviour.listen(), single_process=True, access_log=False, motd=False)
