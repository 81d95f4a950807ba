"""A site of its own process for test_server: it sends far more than its reader takes.

usage: flood.py PORT. `/` and any WebSocket get CHUNKS pieces; `/count` tells how many were sent.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import django

CHUNK = bytes(64 * 1024)
CHUNKS = 400

os.environ["DJANGO_SETTINGS_MODULE"] = "playground.settings.test"
django.setup()

from playground.serving.server import Server  # noqa: E402  (needs Django set up)

sent = 0


async def application(scope: Any, receive: Any, send: Any) -> None:
    """ASGI."""
    global sent
    if scope["type"] == "websocket":
        sent = 0
        await receive()
        await send({"type": "websocket.accept"})
        for _ in range(CHUNKS):
            await send({"type": "websocket.send", "bytes": CHUNK})
            sent += 1
        await send({"type": "websocket.close", "code": 1000})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if scope["path"] == "/count":
        await send({"type": "http.response.body", "body": str(sent).encode()})
        return
    sent = 0
    for _ in range(CHUNKS):
        await send({"type": "http.response.body", "body": CHUNK, "more_body": True})
        sent += 1
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":

    def ready() -> None:
        sys.stdout.write("ready\n")
        sys.stdout.flush()

    Server(application, host="127.0.0.1", port=int(sys.argv[1]), ready=ready).run()
