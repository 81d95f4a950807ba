"""The WebSockets of the page; docs/protocol.md describes their frames."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from django.conf import settings

from playground.hosting.host import parse_speed
from playground.hosting.selectors import site_host
from playground.lab_sessions.announcer import MemberChange
from playground.lab_sessions.problems import Ended, Forbidden, Invalid
from playground.lab_sessions.rules import Act
from playground.lab_sessions.selectors import (
    activity,
    rules,
    session_entry,
    session_times,
)
from playground.live.link import CLOSE_ENDED, Link, close_reason
from playground.live.places import read_focus, read_mirror, read_place
from playground.live.presence import Member, Presence
from playground.live.rooms import Room
from playground.live.selectors import rooms, terminals
from playground.live.terminals import Looker, Terminal

PROTOCOL = 1
_STEP_SECONDS_MAX = 86400


class SessionConsumer(Link):
    """`/ws/sessions/<id>/`: scene, timeline, clock, presence."""

    room: Room | None = None

    async def entered(self) -> None:
        """Say hello, then the scene, or what was missed."""
        self.member = Member(self.visitor, self.role, self.mailbox)
        await self.send(orjson.dumps(await self._hello()).decode())
        self.spawn(self._begin())

    async def _begin(self) -> None:
        message = await self.first_message()
        room = rooms().enter(self.session.id, site_host())
        self.room = room
        await room.join(self.member)
        is_resuming = message is not None and message["type"] == "resume"
        room.resume(self.member, _seq(message) if is_resuming and message else None)
        await self._write(room)

    async def _write(self, room: Room) -> None:
        mailbox = self.mailbox
        while True:
            await mailbox.wait()
            if mailbox.needs_scene:
                mailbox.needs_scene = False
                for text in [*await room.scene(), *room.presence.texts_for(self.member)]:
                    await self.send(text)
            waiting = mailbox.take()
            if waiting is not None:
                await self.send(waiting)
            elif mailbox.is_closed:
                code = mailbox.close_code or CLOSE_ENDED
                await self.close(code, close_reason(mailbox.reason))
                return

    async def _hello(self) -> dict[str, Any]:
        session, role = self.session, self.role
        reading = await site_host().clock(session.id)
        body = {
            "id": session.id,
            "name": session.name,
            "role": role.value,
            "server": self.admission.path,
            **session_times(session, may_own=role.may_own),
            "now": reading.now_ms,
            "share": role.may_own,
        }
        return {
            "type": "hello",
            "protocol": PROTOCOL,
            "session": body,
            "you": {**self.visitor.body(), "role": role.value},
            "clock": reading.body(),
        }

    async def handle(self, message: dict[str, Any]) -> None:
        """resume, clock, ping, and what is about people: presence, follow, mirror, invite."""
        kind = message["type"]
        if kind == "ping":
            self.mailbox.put('{"type":"pong"}')
        elif kind == "resume":
            if self.room is not None:
                self.room.resume(self.member, _seq(message))
        elif kind in ("presence", "follow", "mirror", "invite"):
            if self.room is not None:
                self._among_people(self.room.presence, kind, message)
        elif kind == "active":
            activity().note(self.session.id)
        elif kind == "clock":
            await self._clock(message)
        else:
            known = "resume, clock, presence, follow, mirror, invite, active or ping"
            raise Invalid(f"type {kind!r}: give {known}")

    def _among_people(self, presence: Presence, kind: str, message: dict[str, Any]) -> None:
        if kind == "presence":
            place = read_place(message["place"]) if "place" in message else None
            presence.move(self.member, read_focus(message.get("focus")), place)
        elif kind == "mirror":
            most = settings.PODYARD_MIRROR_BYTES_MAX
            presence.mirror(self.member, read_mirror(message, most))
        elif kind == "invite":
            presence.invite(self.member, asyncio.get_running_loop().time())
        else:
            person = message.get("person")
            if person is not None and not isinstance(person, str):
                raise Invalid("person must be an id, or null", field="person")
            presence.follow(self.member, person)

    async def _clock(self, message: dict[str, Any]) -> None:
        await _check_may_change(self)
        await rules().check(self.session.id, self.role, Act.CLOCK)
        host, session_id = site_host(), self.session.id
        action, value = message.get("action"), message.get("value")
        if action == "pause":
            await host.clock_set(session_id, is_paused=True)
        elif action == "resume":
            await host.clock_set(session_id, is_paused=False)
        elif action == "speed":
            await host.clock_set(session_id, speed=parse_speed(value))
        elif action == "step":
            await self._step(value)
        else:
            raise Invalid(f"action {action!r}: give pause, resume, speed or step")

    async def _step(self, seconds: Any) -> None:
        host, session_id = site_host(), self.session.id
        if seconds is None:
            await host.clock_step(session_id)
            return
        is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
        if not is_number or not 0 < seconds <= _STEP_SECONDS_MAX:
            raise Invalid(f"value {seconds!r}: give seconds, at most {_STEP_SECONDS_MAX}")
        await host.clock_advance(session_id, int(seconds * 1000))

    async def changed(self, change: MemberChange) -> None:
        """Another hello: with the new role, and the address that goes with it."""
        self.member.visitor, self.member.role = self.visitor, self.role
        self.mailbox.put(orjson.dumps(await self._hello()).decode())
        if change.reason:
            self.mailbox.put(orjson.dumps({"type": "note", "message": change.reason}).decode())
        if self.room is not None:
            self.room.presence.people_changed()

    def left(self) -> None:
        """Leave the room."""
        if self.room is not None:
            self.room.leave(self.member)
            rooms().tidy(self.room)


class TerminalConsumer(Link):
    """`/ws/sessions/<id>/terminals/<n>/`: one terminal."""

    terminal: Terminal | None = None
    looker: Looker | None = None

    async def entered(self) -> None:
        """Find the terminal, then show it."""
        number = int(self.scope["url_route"]["kwargs"]["number"])
        await terminals().adopt(site_host(), self.session.id)
        self.terminal = terminals().get(self.session.id, number)
        self.spawn(self._show(self.terminal))

    async def _show(self, terminal: Terminal) -> None:
        message = await self.first_message()
        is_resuming = message is not None and message["type"] == "resume"
        shown = _seq(message) if is_resuming and message else None
        looker = self.looker = Looker(self.mailbox, self.visitor, self.role)
        terminal.attach(looker, shown)
        mailbox = self.mailbox
        while True:
            await mailbox.wait()
            if mailbox.needs_scene:
                mailbox.needs_scene = False
                terminal.show_again(looker, shown)
            text = mailbox.take()
            if text is not None:
                shown = orjson.loads(text).get("seq", shown)
                await self.send(text)
            elif mailbox.is_closed:
                code = mailbox.close_code or CLOSE_ENDED
                await self.close(code, close_reason(mailbox.reason))
                return

    async def handle(self, message: dict[str, Any]) -> None:
        """input, resize, keyboard, resume."""
        kind, terminal, looker = message["type"], self.terminal, self.looker
        if terminal is None or kind == "resume":
            return
        if kind == "ping":
            self.mailbox.put('{"type":"pong"}')
            return
        if kind not in ("input", "resize", "keyboard"):
            raise Invalid(f"type {kind!r}: give input, resize, keyboard, resume or ping")
        await _check_may_change(self)
        if looker is None:
            return
        if kind == "resize":
            terminal.resize(looker, message.get("columns", 0), message.get("rows", 0))
        elif kind == "keyboard":
            _keyboard(terminal, looker, message)
        elif isinstance(message.get("data"), str):
            terminal.type(looker, message["data"])
        else:
            raise Invalid("data must be a text", field="data")

    async def changed(self, change: MemberChange) -> None:
        """Another role: who may not edit any more has no keyboard."""
        if self.looker is not None and self.terminal is not None:
            self.looker.person, self.looker.role = self.visitor, self.role
            self.terminal.changed(self.looker)

    def left(self) -> None:
        """Look away; the terminal goes on."""
        if self.terminal is not None and self.looker is not None:
            self.terminal.detach(self.looker)


def _keyboard(terminal: Terminal, looker: Looker, message: dict[str, Any]) -> None:
    action, to = message.get("action"), message.get("to")
    if action == "ask":
        terminal.ask(looker)
    elif action == "withdraw":
        terminal.withdraw(looker)
    elif action == "give" and (to is None or isinstance(to, str)):
        terminal.give(looker, to)
    else:
        raise Invalid(f"action {action!r}: give ask, withdraw, or give with `to`, an id or null")


async def _check_may_change(link: Link) -> None:
    if not link.role.may_edit:
        raise Forbidden("you are looking on: ask the owner for a link that may edit")
    entry = await session_entry(link.session.id)
    if entry.is_read_only:
        raise Ended(entry.refusal)
    activity().note(link.session.id)


def _seq(message: dict[str, Any]) -> int | None:
    seq = message.get("seq")
    return seq if isinstance(seq, int) and not isinstance(seq, bool) else None
