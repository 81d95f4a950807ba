"""Terminals live on the server: a page that reloads finds its shell, its screen and its history.

A terminal reads its cluster's stream all the time, into a bounded scrollback, whether or not
anybody looks. Several browsers may look at one; those who may edit may type.
"""

from __future__ import annotations

import asyncio
import codecs
import logging
from collections import deque
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings

from cluster_engine.apiserver.requests import (
    ADMIN,
    ERROR,
    RESIZE,
    STDERR,
    STDIN,
    STDOUT,
    Caller,
    Frame,
    Request,
)
from playground.hosting.host import ClusterHost, Conversation
from playground.lab_sessions.problems import Invalid, NotFound, Refused, TooMany
from playground.live.mailbox import Mailbox

logger = logging.getLogger(__name__)

#: Between two frames of one terminal, so that a flood is sent in few large ones.
_PAUSE_SECONDS = 0.016
_COLUMNS, _ROWS = 80, 24
_SIDE_MAX = 1000
_SHELL = ("/bin/sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash || exec sh")


class Terminal:
    """One terminal of a session."""

    def __init__(self, number: int, title: str, spec: dict[str, Any], stream: Conversation) -> None:
        self.number = number
        self.title = title
        self.spec = spec
        self.columns, self.rows = _COLUMNS, _ROWS
        self._stream = stream
        self._seq = 0
        self._floor = 0
        self._scrollback: deque[tuple[int, str]] = deque()
        self._size = 0
        self._mailboxes: dict[Mailbox, None] = {}
        self._exit: dict[str, Any] | None = None
        self._decoders = {
            channel: codecs.getincrementaldecoder("utf-8")("replace")
            for channel in (STDOUT, STDERR)
        }
        self._task = asyncio.get_running_loop().create_task(self._read())

    @property
    def is_over(self) -> bool:
        """Whether its program has ended."""
        return self._exit is not None

    def body(self) -> dict[str, Any]:
        """As JSON."""
        return {"number": self.number, "title": self.title, "over": self.is_over, **self.spec}

    def attach(self, mailbox: Mailbox, seq: int | None) -> None:
        """Show it in one more browser, from what comes after `seq`, or all there is."""
        start = seq if seq is not None and self._floor <= seq <= self._seq else self._floor
        ready = {"columns": self.columns, "rows": self.rows, "title": self.title}
        mailbox.put(_text({"type": "ready", "seq": start, **ready}))
        joined: list[str] = []
        for number, data in self._scrollback:
            if number > start:
                joined.append(data)
        if joined:
            data = "".join(joined)
            frame = {"type": "output", "seq": self._seq, "data": data}
            mailbox.put(_text(frame), is_kept=False)
        if self._exit is not None:
            mailbox.put(_text(self._exit))
        self._mailboxes[mailbox] = None

    def detach(self, mailbox: Mailbox) -> None:
        """One browser less."""
        self._mailboxes.pop(mailbox, None)

    def type(self, data: str, caller: Caller | None = None) -> None:
        """Keys pressed, and by whom."""
        if not self.is_over:
            self._stream.write(Frame(STDIN, data.encode("utf-8", "replace"), caller))

    def resize(self, columns: int, rows: int) -> None:
        """The window has another size. Raises Invalid."""
        for name, side in (("columns", columns), ("rows", rows)):
            if isinstance(side, bool) or not isinstance(side, int) or not 1 <= side <= _SIDE_MAX:
                raise Invalid(f"{name} is {side!r}: give 1 to {_SIDE_MAX}", field=name)
        if (columns, rows) != (self.columns, self.rows) and not self.is_over:
            self.columns, self.rows = columns, rows
            self._stream.write(Frame(RESIZE, orjson.dumps({"Width": columns, "Height": rows})))

    def close(self) -> None:
        """End it."""
        self._task.cancel()
        self._stream.close()
        for mailbox in list(self._mailboxes):
            mailbox.close()

    async def _read(self) -> None:
        most = settings.PODYARD_TERMINAL_FRAME_BYTES_MAX
        try:
            while frames := await self._stream.read(most):
                text = "".join(self._take(frame) for frame in frames)
                if text:
                    self._show(text)
                await asyncio.sleep(_PAUSE_SECONDS)
        except Exception:
            logger.exception("a terminal stopped")
        if self._exit is None:
            self._exit = {"type": "exit", "code": 0, "message": "the connection ended"}
        for mailbox in list(self._mailboxes):
            mailbox.put(_text(self._exit))

    def _take(self, frame: Frame) -> str:
        if frame.channel == ERROR:
            self._exit = {"type": "exit", **_outcome(frame.data)}
            return ""
        decoder = self._decoders.get(frame.channel)
        return decoder.decode(frame.data) if decoder else ""

    def _show(self, text: str) -> None:
        self._seq += 1
        self._scrollback.append((self._seq, text))
        self._size += len(text)
        while self._size > settings.PODYARD_TERMINAL_SCROLLBACK_BYTES and self._scrollback:
            self._floor, dropped = self._scrollback.popleft()
            self._size -= len(dropped)
        shown = _text({"type": "output", "seq": self._seq, "data": text})
        for mailbox in list(self._mailboxes):
            mailbox.put(shown, is_kept=False)


class Terminals:
    """The terminals of all sessions of this process, by session and number."""

    def __init__(self) -> None:
        self._sessions: dict[str, dict[int, Terminal]] = {}
        self._next: dict[str, int] = {}

    def list(self, session_id: str) -> list[Terminal]:
        """The terminals of a session, by number."""
        found = self._sessions.get(session_id, {})
        return [found[number] for number in sorted(found)]

    def get(self, session_id: str, number: int) -> Terminal:
        """One terminal. Raises NotFound."""
        found = self._sessions.get(session_id, {}).get(number)
        if found is None:
            raise NotFound(f"there is no terminal {number}")
        return found

    async def open(
        self,
        host: ClusterHost,
        session_id: str,
        spec: dict[str, Any],
        caller: Caller | None = None,
    ) -> Terminal:
        """A new terminal after a checked `spec`, for `caller`. Raises TooMany, Refused."""
        self._forget_over(session_id)
        most = settings.PODYARD_TERMINALS_PER_SESSION_MAX
        if len(self._sessions.get(session_id, {})) >= most:
            raise TooMany(f"{most} terminals are open in this session; close one first")
        request, title = _request(spec)
        answer = await host.call(session_id, replace(request, caller=caller))
        if answer.stream is None:
            raise Refused(_message(answer.body))
        number = self._next.get(session_id, 0) + 1
        self._next[session_id] = number
        terminal = Terminal(number, title, spec, answer.stream)
        self._sessions.setdefault(session_id, {})[number] = terminal
        return terminal

    def close(self, session_id: str, number: int) -> None:
        """End one. Raises NotFound."""
        self.get(session_id, number).close()
        del self._sessions[session_id][number]

    def close_all(self, session_id: str) -> None:
        """The session is gone."""
        for terminal in self._sessions.pop(session_id, {}).values():
            terminal.close()
        self._next.pop(session_id, None)

    def _forget_over(self, session_id: str) -> None:
        """Make room: terminals whose program has ended, the oldest half of the places."""
        found = self._sessions.get(session_id, {})
        if len(found) < settings.PODYARD_TERMINALS_PER_SESSION_MAX:
            return
        for number in [n for n, terminal in found.items() if terminal.is_over]:
            found.pop(number).close()


def read_spec(body: dict[str, Any]) -> dict[str, Any]:
    """What kind of terminal a JSON body asks for. Raises Invalid."""
    kind = body.get("kind")
    if kind == "console":
        return {"kind": "console"}
    if kind != "exec":
        raise Invalid(f"kind is {kind!r}: give 'console' or 'exec'", field="kind")
    spec: dict[str, Any] = {"kind": "exec"}
    for field, is_needed in (("namespace", True), ("pod", True), ("container", False)):
        value = body.get(field)
        if value is None and not is_needed:
            continue
        if not isinstance(value, str) or not value or "/" in value:
            raise Invalid(f"{field} is {value!r}: give a name", field=field)
        spec[field] = value
    command = body.get("command")
    if command is not None:
        if not isinstance(command, list) or not command:
            raise Invalid("command must be a list of texts", field="command")
        if not all(isinstance(word, str) for word in command):
            raise Invalid("command must be a list of texts", field="command")
        spec["command"] = command
    return spec


def _request(spec: dict[str, Any]) -> tuple[Request, str]:
    if spec["kind"] == "console":
        query = urlencode({"columns": _COLUMNS, "rows": _ROWS})
        return Request("POST", "/podyard/v1/console", query, user=ADMIN), "Console"
    pairs = [("stdin", "true"), ("stdout", "true"), ("tty", "true")]
    if spec.get("container"):
        pairs.append(("container", spec["container"]))
    pairs += [("command", word) for word in spec.get("command", _SHELL)]
    path = f"/api/v1/namespaces/{spec['namespace']}/pods/{spec['pod']}/exec"
    title = spec["pod"] + (f" · {spec['container']}" if spec.get("container") else "")
    return Request("GET", path, urlencode(pairs), user=ADMIN), title


def _outcome(data: bytes) -> dict[str, Any]:
    """A final Status as an exit code and a sentence."""
    try:
        status = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {"code": 1, "message": data.decode("utf-8", "replace")}
    if status.get("status") == "Success":
        return {"code": 0, "message": ""}
    causes = (status.get("details") or {}).get("causes") or []
    codes = [cause["message"] for cause in causes if cause.get("reason") == "ExitCode"]
    code = int(codes[0]) if codes and codes[0].isdigit() else 1
    return {"code": code, "message": status.get("message", "")}


def _message(body: bytes) -> str:
    try:
        return str(orjson.loads(body).get("message", "refused"))
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace") or "refused"


def _text(frame: dict[str, Any]) -> str:
    return orjson.dumps(frame).decode()
