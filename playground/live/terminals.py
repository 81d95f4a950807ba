"""Terminals live on the server: a page that reloads finds its shell, its screen and its history.

A terminal reads its cluster's stream all the time, into a bounded scrollback, whether or not
anybody looks. Several browsers may look at one; those who may edit may type.
"""

from __future__ import annotations

import asyncio
import codecs
import logging
from collections import deque
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.conf import settings

from cluster_engine.apiserver.requests import (
    ERROR,
    RESIZE,
    STDERR,
    STDIN,
    STDOUT,
    Caller,
    Frame,
    Source,
)
from playground.accounts.visitors import Visitor
from playground.hosting.host import ClusterHost, Conversation
from playground.lab_sessions.problems import Forbidden, Invalid, NotFound, Refused, TooMany
from playground.lab_sessions.roles import Role
from playground.live.keyboard import Keyboard, is_report
from playground.live.line import CLOSE_ASLEEP
from playground.live.mailbox import Mailbox
from playground.live.terminal_specs import COLUMNS, ROWS, message_of, outcome_of, request_of

logger = logging.getLogger(__name__)

#: Between two frames of one terminal, so that a flood is sent in few large ones.
_PAUSE_SECONDS = 0.016
_SIDE_MAX = 1000


@dataclass(eq=False, slots=True)
class Looker:
    """A browser that shows a terminal."""

    mailbox: Mailbox
    person: Visitor
    role: Role


class Terminal:
    """One terminal of a session."""

    def __init__(self, number: int, title: str, spec: dict[str, Any], stream: Conversation) -> None:
        """`stream` may have shown something before: one that was kept while nobody looked."""
        self.number = number
        self.title = title
        self.spec = spec
        columns, rows = stream.size
        self.columns, self.rows = columns or COLUMNS, rows or ROWS
        self._stream = stream
        self._seq = 0
        self._floor = 0
        #: Texts with the numbers before and after each.
        self._scrollback: deque[tuple[int, int, str]] = deque()
        self._size = 0
        self._lookers: dict[Looker, None] = {}
        self.keyboard = Keyboard(settings.PODYARD_KEYBOARD_FREE_SECONDS)
        self._timer: asyncio.TimerHandle | None = None
        self._exit: dict[str, Any] | None = None
        self._decoders = {
            channel: codecs.getincrementaldecoder("utf-8")("replace")
            for channel in (STDOUT, STDERR)
        }
        self._take_all(stream.shown())
        self._task = asyncio.get_running_loop().create_task(self._read())

    @property
    def is_over(self) -> bool:
        """Whether its program has ended."""
        return self._exit is not None

    def body(self) -> dict[str, Any]:
        """As JSON."""
        return {"number": self.number, "title": self.title, "over": self.is_over, **self.spec}

    def attach(self, looker: Looker, seq: int | None) -> None:
        """Show it in one more browser, from what comes after `seq`, or all there is."""
        mailbox = looker.mailbox
        start = seq if seq is not None and self._floor <= seq <= self._seq else self._floor
        ready = {"columns": self.columns, "rows": self.rows, "title": self.title}
        mailbox.put(_text({"type": "ready", "seq": start, **ready}))
        data = "".join(
            text if before >= start else _cut(text, start - before)
            for before, after, text in self._scrollback
            if after > start
        )
        if data:
            frame = {"type": "output", "seq": self._seq, "data": data}
            mailbox.put(_text(frame), is_kept=False)
        if self._exit is not None:
            mailbox.put(_text(self._exit))
        self._lookers[looker] = None
        self._stream.is_looked_at = True
        self.show_keyboard()

    def show_again(self, looker: Looker, seq: int | None) -> None:
        """Too much waited for a slow browser: show what it has not seen."""
        self._lookers.pop(looker, None)
        self.attach(looker, seq)

    def detach(self, looker: Looker) -> None:
        """One browser less; a person's last one lets go of the keyboard."""
        if self._lookers.pop(looker, True) is None:
            person = looker.person.id
            if all(other.person.id != person for other in self._lookers):
                self.keyboard.let_go(person, _now_s())
            self._stream.is_looked_at = bool(self._lookers)
            self.show_keyboard()

    # The keyboard

    def type(self, looker: Looker, data: str) -> None:
        """Keys pressed. Of somebody who does not have the keyboard they are not taken."""
        if self.is_over:
            return
        keyboard, person, now_s = self.keyboard, looker.person, _now_s()
        if is_report(data):
            if keyboard.holder is not None and keyboard.holder.id != person.id:
                return
        elif not keyboard.may_type(person.id, now_s):
            looker.mailbox.put(self._keyboard_text(is_refused=True))
            return
        elif keyboard.type(person, now_s):
            self.show_keyboard()
        caller = person.caller(Source.CONSOLE)
        self._stream.write(Frame(STDIN, data.encode("utf-8", "replace"), caller))

    def ask(self, looker: Looker) -> None:
        """Somebody would like to type."""
        self.keyboard.ask(looker.person, _now_s())
        self.show_keyboard()

    def give(self, looker: Looker, to: str | None) -> None:
        """Give the keyboard to one of those who look on, or to nobody.

        Raises Forbidden unless the keyboard is the caller's to give, Invalid for one who is not
        here or only looks on.
        """
        keyboard, now_s = self.keyboard, _now_s()
        is_theirs = keyboard.holder is not None and keyboard.holder.id == looker.person.id
        if not is_theirs and not looker.role.may_own:
            raise Forbidden("the keyboard is not yours to give; ask for it")
        if to is None:
            if keyboard.holder is not None:
                keyboard.let_go(keyboard.holder.id, now_s)
        else:
            keyboard.give(self._typist(to), now_s)
        self.show_keyboard()

    def withdraw(self, looker: Looker) -> None:
        """Somebody would not like to type any more."""
        self.keyboard.withdraw(looker.person.id)
        self.show_keyboard()

    def check_may_close(self, person: str, role: Role) -> None:
        """Nobody ends a terminal while another types in it. Raises Forbidden."""
        holder = self.keyboard.holder
        is_free = self.is_over or self.keyboard.free_in_s(_now_s()) == 0
        if holder is None or is_free or holder.id == person or role.may_own:
            return
        raise Forbidden(f"{holder.name} is typing in this terminal; ask for the keyboard first")

    def changed(self, looker: Looker) -> None:
        """Somebody has another role or name."""
        if not looker.role.may_edit:
            self.keyboard.let_go(looker.person.id, _now_s())
        elif self.keyboard.holder is not None and self.keyboard.holder.id == looker.person.id:
            self.keyboard.holder = looker.person
        self.show_keyboard()

    def show_keyboard(self) -> None:
        """Tell all who look on whose the keyboard is."""
        text = self._keyboard_text()
        for looker in self._lookers:
            looker.mailbox.put(text)
        self._wait_until_free()

    def _keyboard_text(self, *, is_refused: bool = False) -> str:
        people = {looker.person.id: looker for looker in self._lookers}
        shown = {
            "type": "keyboard",
            **self.keyboard.body(_now_s()),
            "people": [
                {**looker.person.body(), "role": looker.role.value} for looker in people.values()
            ],
        }
        return _text({**shown, "refused": True} if is_refused else shown)

    def _wait_until_free(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.keyboard.asking:
            delay_s = max(0.05, self.keyboard.free_in_s(_now_s()))
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._pass_on)

    def _pass_on(self) -> None:
        self._timer = None
        if self.keyboard.pass_on(_now_s()):
            self.show_keyboard()
        else:
            self._wait_until_free()

    def _typist(self, person: str) -> Visitor:
        for looker in self._lookers:
            if looker.person.id == person:
                if not looker.role.may_edit:
                    raise Invalid(f"{looker.person.name} only looks on", field="to")
                return looker.person
        raise Invalid("this person does not look at this terminal", field="to")

    def resize(self, looker: Looker, columns: int, rows: int) -> None:
        """The window has another size; that of who has the keyboard counts. Raises Invalid."""
        for name, side in (("columns", columns), ("rows", rows)):
            if isinstance(side, bool) or not isinstance(side, int) or not 1 <= side <= _SIDE_MAX:
                raise Invalid(f"{name} is {side!r}: give 1 to {_SIDE_MAX}", field=name)
        holder = self.keyboard.holder
        if holder is not None and holder.id != looker.person.id:
            return
        if (columns, rows) != (self.columns, self.rows) and not self.is_over:
            self.columns, self.rows = columns, rows
            self._stream.write(Frame(RESIZE, orjson.dumps({"Width": columns, "Height": rows})))
            size = _text({"type": "size", "columns": columns, "rows": rows})
            for other in self._lookers:
                if other is not looker:
                    other.mailbox.put(size)

    def close(self) -> None:
        """End it."""
        self._task.cancel()
        if self._timer is not None:
            self._timer.cancel()
        self._stream.close()
        for looker in list(self._lookers):
            looker.mailbox.close()

    def leave(self) -> None:
        """Its cluster leaves memory, and it with it; `Terminals.adopt` finds it again."""
        self._task.cancel()
        if self._timer is not None:
            self._timer.cancel()
        for looker in list(self._lookers):
            looker.mailbox.close("nobody was here", CLOSE_ASLEEP)

    async def _read(self) -> None:
        most = settings.PODYARD_TERMINAL_FRAME_BYTES_MAX
        try:
            while frames := await self._stream.read(most):
                self._take_all(frames)
                await asyncio.sleep(_PAUSE_SECONDS)
        except Exception:
            logger.exception("a terminal stopped")
        if self._stream.is_left:
            return
        if self._exit is None:
            self._exit = {"type": "exit", "code": 0, "message": "the connection ended"}
        for looker in list(self._lookers):
            looker.mailbox.put(_text(self._exit))

    def _take_all(self, frames: list[Frame]) -> None:
        text = "".join(self._take(frame) for frame in frames)
        if text:
            size = sum(len(frame.data) for frame in frames if frame.channel in self._decoders)
            self._show(text, size)

    def _take(self, frame: Frame) -> str:
        if frame.channel == ERROR:
            self._exit = {"type": "exit", **outcome_of(frame.data)}
            return ""
        decoder = self._decoders.get(frame.channel)
        return decoder.decode(frame.data) if decoder else ""

    def _show(self, text: str, size: int) -> None:
        # The number is the position in all that was ever shown, so that a browser that was
        # connected before the server was killed knows where it was.
        before = max(self._seq, self._stream.position - size)
        if not self._scrollback:
            self._floor = before
        self._seq = max(self._stream.position, before + 1)
        self._scrollback.append((before, self._seq, text))
        self._size += len(text)
        while self._size > settings.PODYARD_TERMINAL_SCROLLBACK_BYTES and self._scrollback:
            _, self._floor, dropped = self._scrollback.popleft()
            self._size -= len(dropped)
        shown = _text({"type": "output", "seq": self._seq, "data": text})
        for looker in list(self._lookers):
            looker.mailbox.put(shown, is_kept=False)


class Terminals:
    """The terminals of all sessions of this process, by session and number."""

    def __init__(self) -> None:
        self._sessions: dict[str, dict[int, Terminal]] = {}
        self._next: dict[str, int] = {}
        #: Sessions whose kept terminals have been found.
        self._adopted: set[str] = set()

    async def adopt(self, host: ClusterHost, session_id: str) -> None:
        """Find the terminals that live on in a session from before: its cluster was out of memory,
        or the server was. To be called before `list` and `get`."""
        if session_id in self._adopted:
            return
        kept = await host.kept(session_id)
        if session_id in self._adopted:
            return
        self._adopted.add(session_id)
        for label, stream in kept.items():
            self._adopt(session_id, label, stream)

    def _adopt(self, session_id: str, label: str, stream: Conversation) -> None:
        found = self._sessions.setdefault(session_id, {})
        try:
            held = orjson.loads(label)
            number = int(held["number"])
            if number not in found:
                found[number] = Terminal(number, held["title"], held["spec"], stream)
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            logger.exception("a kept terminal is not one of ours")
            return
        self._next[session_id] = max(number, self._next.get(session_id, 0))

    def leave(self, session_id: str) -> None:
        """The session's cluster leaves memory; its terminals live on in it."""
        self._adopted.discard(session_id)
        for terminal in self._sessions.pop(session_id, {}).values():
            terminal.leave()

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
        await self.adopt(host, session_id)
        self._forget_over(session_id)
        most = settings.PODYARD_TERMINALS_PER_SESSION_MAX
        if len(self._sessions.get(session_id, {})) >= most:
            raise TooMany(f"{most} terminals are open in this session; close one first")
        request, title = request_of(spec)
        answer = await host.call(session_id, replace(request, caller=caller))
        if answer.stream is None:
            raise Refused(message_of(answer.body))
        number = self._next.get(session_id, 0) + 1
        self._next[session_id] = number
        label = orjson.dumps({"number": number, "title": title, "spec": spec}).decode()
        answer.stream.keep(label)
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
        self._adopted.discard(session_id)

    def _forget_over(self, session_id: str) -> None:
        """Make room: terminals whose program has ended, the oldest half of the places."""
        found = self._sessions.get(session_id, {})
        if len(found) < settings.PODYARD_TERMINALS_PER_SESSION_MAX:
            return
        for number in [n for n, terminal in found.items() if terminal.is_over]:
            found.pop(number).close()


def _cut(text: str, count: int) -> str:
    """Without its first bytes."""
    return text.encode("utf-8", "replace")[count:].decode("utf-8", "replace")


def _now_s() -> float:
    return asyncio.get_running_loop().time()


def _text(frame: dict[str, Any]) -> str:
    return orjson.dumps(frame).decode()
