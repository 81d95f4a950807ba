"""The WebSocket channel protocols of exec and attach, of logs and watches.

Models: k8s.io/apiserver/pkg/util/wsstream and k8s.io/kubelet remotecommand/websocket.go (v0.37.2).
Pure: frames in, messages out.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import orjson

#: Preferred first.
REMOTE_COMMAND = (
    "v5.channel.k8s.io",
    "v4.channel.k8s.io",
    "v4.base64.channel.k8s.io",
    "channel.k8s.io",
    "base64.channel.k8s.io",
)
READING = ("binary.k8s.io", "base64.binary.k8s.io")
_CLOSE_CHANNEL = 255


@dataclass(frozen=True, slots=True)
class Closing:
    """The client ends a channel."""

    channel: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """Data of the client on a channel."""

    channel: int
    data: bytes


def choose(offered: list[str], known: tuple[str, ...]) -> str | None:
    """The protocol to speak: the best that both know; "" when nothing was offered; else None."""
    if not offered:
        return ""
    return next((name for name in known if name in offered), None)


def outgoing(protocol: str, channel: int, data: bytes) -> dict[str, Any]:
    """A channel's data as an ASGI send message."""
    if "base64" in protocol:
        text = str(channel) + base64.b64encode(data).decode()
        return {"type": "websocket.send", "text": text}
    return {"type": "websocket.send", "bytes": bytes((channel,)) + data}


def incoming(protocol: str, message: dict[str, Any]) -> Incoming | Closing | None:
    """What an ASGI receive message says; None when it says nothing."""
    raw: bytes = message.get("bytes") or (message.get("text") or "").encode()
    if not raw:
        return None
    if "base64" in protocol:
        try:
            return Incoming(int(raw[:1]), base64.b64decode(raw[1:], validate=True))
        except (ValueError, binascii.Error):
            return None
    if raw[0] == _CLOSE_CHANNEL:
        return Closing(raw[1]) if protocol.startswith("v5") and len(raw) > 1 else None
    return Incoming(raw[0], raw[1:])


def final(protocol: str, status: bytes) -> bytes | None:
    """What the error channel carries at the end: a Status since v4, before that a text, if any."""
    if protocol.startswith(("v4", "v5")):
        return status
    parsed = orjson.loads(status)
    return None if parsed.get("status") == "Success" else parsed.get("message", "").encode()


def base64_text(data: bytes) -> str:
    """Data as a text message of the base64 protocols."""
    return base64.b64encode(data).decode()
