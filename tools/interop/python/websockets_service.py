"""An echo service on websockets."""

import asyncio

from websockets.asyncio.server import serve

import behaviour

# What stands for an end without a close frame (RFC 6455, section 7.4.1).
ABNORMAL = 1006


async def echo(connection):
    if code := behaviour.opened():
        await connection.close(code, behaviour.REASON)
        return
    async for message in connection:
        if code := await behaviour.handle(message):
            if code == ABNORMAL:
                connection.transport.abort()
            else:
                await connection.close(code, behaviour.REASON)
            return
        if behaviour.REPLIES:
            await connection.send(message)


async def main():
    async with serve(echo, sock=behaviour.listen(), max_size=behaviour.LARGEST):
        await behaviour.until_sigterm()


asyncio.run(main())
