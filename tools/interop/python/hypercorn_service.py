"""An echo service on Hypercorn."""

import asyncio

from hypercorn.asyncio import serve
from hypercorn.config import Config

import behaviour
from asgi import application

config = Config()
config.loglevel = "error"
config.websocket_max_message_size = behaviour.LARGEST
config.bind = [f"fd://{behaviour.listen().detach()}"]
asyncio.run(serve(application, config, shutdown_trigger=behaviour.until_sigterm))
