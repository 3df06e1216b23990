"""An echo service of Starlette, for the servers that speak ASGI."""

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

import behaviour


async def echo(connection):
    await connection.accept()
    code = behaviour.opened()
    while not code:
        message = await connection.receive()
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text")
        body = message["bytes"] if text is None else text
        code = await behaviour.handle(body)
        if behaviour.REPLIES and not code:
            try:
                await (connection.send_bytes(body) if text is None else connection.send_text(text))
            except WebSocketDisconnect:
                return
    await connection.close(code, behaviour.REASON)


application = Starlette(routes=[WebSocketRoute("/{path:path}", echo)])
