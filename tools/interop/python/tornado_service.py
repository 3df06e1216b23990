"""An echo service on Tornado."""

import asyncio

from tornado.httpserver import HTTPServer
from tornado.web import Application
from tornado.websocket import WebSocketHandler

import behaviour


class Echo(WebSocketHandler):
    def check_origin(self, origin):
        return True

    def get_compression_options(self):
        return {}

    def open(self, *args):
        if code := behaviour.opened():
            self.close(code, behaviour.REASON)

    async def on_message(self, message):
        if code := await behaviour.handle(message):
            self.close(code, behaviour.REASON)
        elif behaviour.REPLIES:
            await self.write_message(message, binary=isinstance(message, bytes))


async def main():
    application = Application([(".*", Echo)], websocket_max_message_size=behaviour.LARGEST)
    server = HTTPServer(application, max_buffer_size=2 * behaviour.LARGEST)
    listener = behaviour.listen()
    listener.setblocking(False)
    server.add_sockets([listener])
    await behaviour.until_sigterm()


asyncio.run(main())
