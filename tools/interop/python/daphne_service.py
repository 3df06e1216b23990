"""An echo service on Daphne."""

from daphne.server import Server
from twisted.logger import globalLogBeginner

import behaviour
from asgi import application

globalLogBeginner.beginLoggingTo([lambda event: None], redirectStandardIO=False)
listener = behaviour.listen()
Server(
    application,
    endpoints=[f"fd:fileno={listener.fileno()}"],
    verbosity=0,
    websocket_max_message_size=behaviour.LARGEST,
    websocket_max_frame_size=behaviour.LARGEST,
).run()
