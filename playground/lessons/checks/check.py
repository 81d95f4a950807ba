"""A check: where it looks, what must hold there, and how to say what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from playground.lessons.checks.expressions import Condition, Message
from playground.lessons.checks.reader import Reader


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing that a source found: variables of the expressions. With `absent` there is nothing
    to judge, and it says so in words."""

    variables: Mapping[str, Any]
    absent: str = ""


class Source(Protocol):
    """Where a check looks. One module per source in `sources`."""

    #: The key in lesson.yaml, and the names that its expressions may use.
    key: ClassVar[str]
    variables: ClassVar[tuple[str, ...]]
    #: What holds when the check says nothing else, and what is said when it does not.
    where_default: ClassVar[str]
    missing_default: ClassVar[str]

    async def look(self, reader: Reader) -> list[Sight]:
        """What is there now. Raises NotNow."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a check holds, and if not, what is missing."""

    holds: bool
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a step. `says` is what must hold, in words."""

    says: str
    source: Source
    where: Condition
    missing: Message
    #: All that the source finds must satisfy it, not only one.
    is_for_every: bool = False
    #: It must not hold: that there is nothing satisfies it as well.
    is_negated: bool = False

    async def outcome(self, reader: Reader) -> Outcome:
        """Whether it holds now. Raises NotNow."""
        sights = await self.source.look(reader)
        failures = [sight for sight in sights if not self._satisfies(sight)]
        is_met = not failures if self.is_for_every else len(failures) < len(sights)
        if (is_met and bool(sights)) != self.is_negated:
            return Outcome(True)
        shown = failures or sights
        return Outcome(False, self._missing(shown[0]) if shown else f"not yet: {self.says}")

    def _satisfies(self, sight: Sight) -> bool:
        return not sight.absent and self.where.holds(sight.variables)

    def _missing(self, sight: Sight) -> str:
        if sight.absent:
            return sight.absent
        return self.missing.text(sight.variables) or f"not yet: {self.says}"
