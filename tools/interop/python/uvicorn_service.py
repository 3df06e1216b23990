"""An echo service on uvicorn."""

import uvicorn

import behaviour
from asgi import application

config = uvicorn.Config(application, log_level="error", ws_max_size=behaviour.LARGEST)
uvicorn.Server(config).run(sockets=[behaviour.listen()])
