"""An echo service on aiohttp."""

from aiohttp import WSMsgType, web

import behaviour


async def echo(request):
    connection = web.WebSocketResponse(max_msg_size=behaviour.LARGEST)
    await connection.prepare(request)
    code = behaviour.opened()
    while not code:
        message = await connection.receive()
        if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            return connection
        code = await behaviour.handle(message.data)
        if behaviour.REPLIES and not code:
            if message.type == WSMsgType.TEXT:
                await connection.send_str(message.data)
            else:
                await connection.send_bytes(message.data)
    await connection.close(code=code, message=behaviour.REASON.encode())
    return connection


application = web.Application()
application.router.add_get("/{path:.*}", echo)
web.run_app(application, sock=behaviour.listen(), print=None, access_log=None)
