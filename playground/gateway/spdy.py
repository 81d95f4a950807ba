"""SPDY/3.1, as much as port-forward needs, without I/O: feed bytes, get events; ask for frames.

The bytes come in WebSocket messages that cut frames anywhere. Header blocks of a direction share
one zlib stream that starts with the protocol's dictionary. There is no flow control: clients do
not use it for port-forward.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from playground.gateway.spdy_dictionary import DICTIONARY

_SYN_STREAM, _SYN_REPLY, _RST_STREAM, _PING, _GOAWAY = 1, 2, 3, 6, 7
_FIN = 1
_VERSION = 3
_FRAME_BYTES_MAX = 1024 * 1024
_HEADER_BYTES_MAX = 64 * 1024


class SpdyError(Exception):
    """The peer does not speak SPDY/3.1."""


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """A new stream with its headers (lower-case names)."""

    stream_id: int
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class DataReceived:
    """Bytes on a stream; `is_last`: the peer sends no more on it."""

    stream_id: int
    data: bytes
    is_last: bool


@dataclass(frozen=True, slots=True)
class StreamReset:
    """The peer gave the stream up."""

    stream_id: int


@dataclass(frozen=True, slots=True)
class PingReceived:
    """To be answered with `Session.ping`."""

    ping_id: int


@dataclass(frozen=True, slots=True)
class GoAway:
    """The peer opens no more streams."""


Event = StreamOpened | DataReceived | StreamReset | PingReceived | GoAway


class Session:
    """The server's side of one connection."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._unpacker = zlib.decompressobj(zdict=DICTIONARY)
        self._packer = zlib.compressobj(zdict=DICTIONARY)

    def feed(self, data: bytes) -> list[Event]:
        """The events that bytes of the peer complete. Raises SpdyError."""
        self._buffer += data
        events: list[Event] = []
        while len(self._buffer) >= 8:
            word, rest = struct.unpack_from(">II", self._buffer)
            flags, length = rest >> 24, rest & 0xFFFFFF
            if length > _FRAME_BYTES_MAX:
                raise SpdyError(f"a frame of {length} bytes")
            if len(self._buffer) < 8 + length:
                break
            body = bytes(self._buffer[8 : 8 + length])
            del self._buffer[: 8 + length]
            if word >> 31:
                event = self._control(word, flags, body)
            else:
                event = DataReceived(word, body, bool(flags & _FIN))
            if isinstance(event, list):
                events += event
            elif event is not None:
                events.append(event)
        return events

    def _control(self, word: int, flags: int, body: bytes) -> Event | list[Event] | None:
        if (word >> 16) & 0x7FFF != _VERSION:
            raise SpdyError("not SPDY version 3")
        kind = word & 0xFFFF
        if kind == _SYN_STREAM:
            stream_id = _number(body) & 0x7FFFFFFF
            opened = StreamOpened(stream_id, self._headers(body[10:]))
            return [opened, DataReceived(stream_id, b"", True)] if flags & _FIN else opened
        if kind == _RST_STREAM:
            return StreamReset(_number(body) & 0x7FFFFFFF)
        if kind == _PING:
            return PingReceived(_number(body))
        return GoAway() if kind == _GOAWAY else None

    def _headers(self, block: bytes) -> dict[str, str]:
        try:
            plain = self._unpacker.decompress(block, _HEADER_BYTES_MAX)
            if self._unpacker.unconsumed_tail:
                raise SpdyError("headers too large")
            return _parsed(plain)
        except (zlib.error, struct.error) as error:
            raise SpdyError(f"headers: {error}") from error

    def reply(self, stream_id: int) -> bytes:
        """Accept a stream."""
        block = self._packer.compress(struct.pack(">I", 0)) + self._packer.flush(zlib.Z_SYNC_FLUSH)
        return _control_frame(_SYN_REPLY, 0, struct.pack(">I", stream_id) + block)

    @staticmethod
    def data(stream_id: int, data: bytes, *, is_last: bool = False) -> bytes:
        """Bytes on a stream."""
        length = len(data) | (_FIN << 24 if is_last else 0)
        return struct.pack(">II", stream_id, length) + data

    @staticmethod
    def reset(stream_id: int, status: int = 5) -> bytes:
        """Give a stream up; 5 is CANCEL."""
        return _control_frame(_RST_STREAM, 0, struct.pack(">II", stream_id, status))

    @staticmethod
    def ping(ping_id: int) -> bytes:
        """Answer a ping."""
        return _control_frame(_PING, 0, struct.pack(">I", ping_id))


def _control_frame(kind: int, flags: int, body: bytes) -> bytes:
    return struct.pack(">HHI", 0x8000 | _VERSION, kind, flags << 24 | len(body)) + body


def _number(body: bytes) -> int:
    try:
        return int(struct.unpack_from(">I", body)[0])
    except struct.error as error:
        raise SpdyError("a frame is cut short") from error


def _parsed(plain: bytes) -> dict[str, str]:
    (count,) = struct.unpack_from(">I", plain)
    headers: dict[str, str] = {}
    position = 4
    for _ in range(count):
        name, position = _text(plain, position)
        headers[name.lower()], position = _text(plain, position)
    return headers


def _text(plain: bytes, position: int) -> tuple[str, int]:
    (length,) = struct.unpack_from(">I", plain, position)
    end = position + 4 + length
    if end > len(plain):
        raise SpdyError("headers are cut short")
    return plain[position + 4 : end].decode("latin-1"), end
