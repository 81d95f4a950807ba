"""Who is in a room, where each of them is, and who follows whom.

A person may have several pages open; to the others they are one, and are where they last did
something. Changes are gathered: at most one frame in PODYARD_PRESENCE_MS, the more people the
slower. What an editor holds goes to its followers only.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings

from playground.accounts.visitors import Visitor
from playground.lab_sessions.problems import Forbidden, Invalid, TooMany
from playground.lab_sessions.roles import Role
from playground.live.mailbox import Mailbox
from playground.live.places import without_secrets

#: A frame about that many people costs one more pause.
_PEOPLE_PER_PAUSE = 20
_INVITE_SECONDS = 3.0


@dataclass(eq=False, slots=True)
class Member:
    """One page in a room."""

    visitor: Visitor
    role: Role
    mailbox: Mailbox
    #: The person that this page follows.
    following: str | None = None


@dataclass(slots=True)
class Whereabouts:
    """Where a person is."""

    focus: str | None = None
    place: dict[str, Any] = field(default_factory=dict)
    #: What followers see of their editor; empty while nobody follows.
    mirror: dict[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """As JSON."""
        return {
            **({"focus": self.focus} if self.focus else {}),
            **({"place": self.place} if self.place else {}),
        }


class Presence:
    """The people of one room."""

    def __init__(self) -> None:
        self._members: dict[Member, None] = {}
        self._where: dict[str, Whereabouts] = {}
        self._have_people_changed = False
        self._moved: set[str] = set()
        #: What changed in whose editor since the last frame.
        self._mirrored: dict[str, dict[str, Any]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._invited_s = float("-inf")

    @property
    def members(self) -> dict[Member, None]:
        """Every page in the room."""
        return self._members

    def enter(self, member: Member) -> None:
        """One more page."""
        self._members[member] = None
        self._where.setdefault(member.visitor.id, Whereabouts())
        self.people_changed()

    def leave(self, member: Member) -> None:
        """One page less; with a person's last page nobody follows them any more."""
        self._members.pop(member, None)
        self._stop_mirror(member.following)
        person = member.visitor.id
        if not self._pages(person):
            self._where.pop(person, None)
            for other in self._members:
                if other.following == person:
                    other.following = None
        if self._members:
            self.people_changed()
        elif self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def people_changed(self) -> None:
        """Somebody came, went, follows another, or has another role or name."""
        self._have_people_changed = True
        self._show_soon()

    def move(self, member: Member, focus: str | None, place: dict[str, Any] | None) -> None:
        """Somebody looks at something else."""
        where = self._where.get(member.visitor.id)
        if where is None:
            return
        before = where.body()
        where.focus = focus
        if place is not None:
            where.place = place
        if where.body() != before:
            self._moved.add(member.visitor.id)
            self._show_soon()

    def follow(self, member: Member, person: str | None) -> None:
        """This page goes where a person goes; None: not any more. Raises Invalid."""
        if person is not None:
            self._check_leader(member, person)
        former, member.following = member.following, person
        self._stop_mirror(former)
        if former != person:
            self.people_changed()
        if person is not None:
            self._send_mirror(member, self._where[person].mirror)

    def mirror(self, member: Member, mirror: dict[str, Any]) -> None:
        """What somebody's editor shows, for those who follow them."""
        person = member.visitor.id
        where = self._where.get(person)
        if where is None or not self._followers(person):
            return
        where.mirror = {**where.mirror, **mirror}
        self._mirrored[person] = {**self._mirrored.get(person, {}), **mirror}
        self._show_soon()

    def invite(self, member: Member, now_s: float) -> None:
        """Ask everybody to follow. Raises Forbidden, TooMany."""
        if not member.role.may_own:
            raise Forbidden("only the owner of the session, or a teacher in it, asks all to follow")
        if now_s - self._invited_s < _INVITE_SECONDS:
            raise TooMany("you have just asked; wait a moment")
        self._invited_s = now_s
        text = _text({"type": "invite", "person": member.visitor.id})
        for other in self._members:
            if other.visitor.id != member.visitor.id:
                other.mailbox.put(text)

    def texts_for(self, member: Member) -> list[str]:
        """Everything about people that a page has to know."""
        texts = [_text(self._people_frame())]
        mirror = self._where[member.following].mirror if member.following else None
        if mirror:
            texts.append(self._mirror_text(member, mirror))
        return texts

    def _check_leader(self, member: Member, person: str) -> None:
        if not self._pages(person):
            raise Invalid("this person is not here any more", field="person")
        if person == member.visitor.id:
            raise Invalid("you cannot follow yourself", field="person")
        leaders, seen = {person}, set[str]()
        while leaders:
            seen |= leaders
            leaders = {
                page.following
                for page in self._members
                if page.visitor.id in leaders and page.following
            } - seen
        if member.visitor.id in seen:
            raise Invalid("this person follows you", field="person")

    def _followers(self, person: str) -> list[Member]:
        return [member for member in self._members if member.following == person]

    def _pages(self, person: str) -> int:
        return sum(member.visitor.id == person for member in self._members)

    def _stop_mirror(self, person: str | None) -> None:
        if person in self._where and not self._followers(person):
            self._where[person].mirror = {}

    def _send_mirror(self, to: Member, mirror: dict[str, Any]) -> None:
        if mirror:
            to.mailbox.put(self._mirror_text(to, mirror), is_kept=False)

    def _mirror_text(self, to: Member, mirror: dict[str, Any]) -> str:
        shown = mirror
        if "text" in mirror and not to.role.may_edit:
            shown = {**mirror, "text": without_secrets(mirror["text"])}
        return _text({"type": "mirror", "person": to.following, **shown})

    def _show_soon(self) -> None:
        """Now, when nothing was said lately; else together with what comes meanwhile."""
        if self._timer is None:
            self._show()

    def _show(self) -> None:
        self._timer = None
        frame, mirrored = self._next_frame(), self._mirrored
        if frame is None and not mirrored:
            return
        if frame is not None:
            text, is_kept = _text(frame), frame["type"] == "presence"
            for member in self._members:
                member.mailbox.put(text, is_kept=is_kept)
        self._mirrored = {}
        for person, mirror in mirrored.items():
            for follower in self._followers(person):
                self._send_mirror(follower, mirror)
        pauses = 1 + len(self._where) // _PEOPLE_PER_PAUSE
        pause_s = settings.PODYARD_PRESENCE_MS * pauses / 1000
        self._timer = asyncio.get_running_loop().call_later(pause_s, self._show)

    def _next_frame(self) -> dict[str, Any] | None:
        moved, self._moved = self._moved, set()
        if self._have_people_changed:
            self._have_people_changed = False
            return self._people_frame()
        places = {
            person: self._where[person].body() for person in sorted(moved & self._where.keys())
        }
        return {"type": "places", "places": places} if places else None

    def _people_frame(self) -> dict[str, Any]:
        people: dict[str, dict[str, Any]] = {}
        for member in self._members:
            person = member.visitor.id
            shown = people.setdefault(
                person,
                {
                    **member.visitor.body(),
                    "role": member.role.value,
                    "tabs": 0,
                    **self._where[person].body(),
                },
            )
            shown["tabs"] += 1
            if member.following:
                shown["following"] = member.following
        return {"type": "presence", "people": list(people.values())}


def _text(frame: dict[str, Any]) -> str:
    return orjson.dumps(frame).decode()
