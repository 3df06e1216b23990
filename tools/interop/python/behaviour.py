"""What an echo service does, as the environment says (tools/interop/run): the same on every server of Python."""

import asyncio
import os
import signal
import socket
import sys


def _number(name):
    return int(os.environ.get(name) or 0)


REASON = os.environ.get("ECHO_REASON", "")
REPLIES = os.environ.get("ECHO_REPLY") != "none"
LARGEST = 64 * 1024 * 1024

_delay = _number("ECHO_SLOW_MS") / 1000
_poison = os.environ.get("ECHO_POISON", "").encode()
_poison_code = _number("ECHO_POISON_CODE")
_refuse_code = _number("ECHO_REFUSE_CODE")
_close_code = _number("ECHO_CLOSE_CODE")
_accounts = os.environ.get("ECHO_ACCOUNT") == "on"


def _account(line):
    if _accounts:
        os.write(1, line + b"\n")


def listen():
    """A listening socket, whose port is told on standard output."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", _number("ECHO_PORT")))
    listener.listen(128)
    print(f"port {listener.getsockname()[1]}", flush=True)
    return listener


def opened():
    """A connection was accepted; the code to close it with at once, or 0."""
    _account(b"open")
    return _close_code


async def handle(message):
    """Takes a message, for as long as that is to take; the code to close with, or 0. Raises what a handler would that fails."""
    body = message.encode() if isinstance(message, str) else bytes(message)
    if _refuse_code:
        return _refuse_code
    if _delay:
        await asyncio.sleep(_delay)
    if _poison and _poison in body:
        if not _poison_code:
            raise ValueError("poison")
        return _poison_code
    _account(b"handled " + body[:12])
    return 0


async def until_sigterm():
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await told.wait()
