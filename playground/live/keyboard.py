"""Whose keys a terminal takes, when several people look at it. Pure; times are handed in.

Whoever types first has the keyboard, and keeps it as long as they go on typing. When they have not
typed for a while it is anybody's; who asked first gets it then. The holder gives it away, and so
does an owner or a teacher. Who only looks on never has it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from playground.accounts.visitors import Visitor

#: A terminal's own answers to a program's questions (cursor, colours, kind): nobody typed them.
_REPORT = re.compile(
    r"(\x1b\[[?>=]?[\d;]*[RcntyIO]|\x1b\]\d+;[^\x07\x1b]*(\x07|\x1b\\)|\x1bP.*?\x1b\\)+"
)
_ASKING_MAX = 20


def is_report(data: str) -> bool:
    """Whether a terminal said that by itself."""
    return data.startswith("\x1b") and _REPORT.fullmatch(data) is not None


@dataclass(slots=True)
class Keyboard:
    """The keyboard of one terminal."""

    free_after_s: float
    holder: Visitor | None = None
    #: When the holder last typed, or was given it.
    typed_s: float = 0.0
    _asking: dict[str, Visitor] = field(default_factory=dict)

    @property
    def asking(self) -> list[Visitor]:
        """Who would like to have it, in the order they asked."""
        return list(self._asking.values())

    def free_in_s(self, now_s: float) -> float:
        """How long until it is anybody's; 0: it is."""
        if self.holder is None:
            return 0.0
        return max(0.0, self.typed_s + self.free_after_s - now_s)

    def may_type(self, person: str, now_s: float) -> bool:
        """Whether this person's keys count: it is theirs, or anybody's and nobody waits for it."""
        if self.holder is None or self.holder.id == person:
            return True
        is_next = not self._asking or next(iter(self._asking)) == person
        return is_next and self.free_in_s(now_s) == 0

    def type(self, person: Visitor, now_s: float) -> bool:
        """They typed, and may; whether the keyboard changed hands."""
        is_new = self.holder is None or self.holder.id != person.id
        self._hand_to(person, now_s)
        return is_new

    def ask(self, person: Visitor, now_s: float) -> None:
        """They would like to have it; they have it at once when it is anybody's."""
        if self.may_type(person.id, now_s):
            self._hand_to(person, now_s)
        elif len(self._asking) < _ASKING_MAX:
            self._asking.setdefault(person.id, person)

    def withdraw(self, person: str) -> None:
        """They would not like to have it any more."""
        self._asking.pop(person, None)

    def give(self, person: Visitor, now_s: float) -> None:
        """It is this person's now."""
        self._hand_to(person, now_s)

    def let_go(self, person: str, now_s: float) -> None:
        """They do not want it, or have gone: it is the next one's, or anybody's."""
        self.withdraw(person)
        if self.holder is not None and self.holder.id == person:
            self.holder = None
            self._hand_on(now_s)

    def pass_on(self, now_s: float) -> bool:
        """Give it to who asked first, if it has become free; whether it has."""
        if not self._asking or self.free_in_s(now_s) > 0:
            return False
        self._hand_on(now_s)
        return True

    def body(self, now_s: float) -> dict[str, Any]:
        """As JSON."""
        return {
            "holder": self.holder.body() if self.holder else None,
            "asking": [person.body() for person in self.asking],
            "free_in_ms": round(self.free_in_s(now_s) * 1000),
        }

    def _hand_on(self, now_s: float) -> None:
        if self._asking:
            self._hand_to(next(iter(self._asking.values())), now_s)

    def _hand_to(self, person: Visitor, now_s: float) -> None:
        self._asking.pop(person.id, None)
        self.holder = person
        self.typed_s = now_s
