"""What else of a session goes into its file: other apps register a part each.

A part writes an entry `parts/<name>.json` and reads it back into the session that was made from the
file. It trusts nothing that it reads: raise Invalid to refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from playground.lab_sessions.models import Session

FOLDER = "parts/"


class ArchivePart(Protocol):
    """One app's share in the file."""

    #: The entry's name.
    name: str

    async def write(self, session: Session) -> bytes | None:
        """The entry's content; None: nothing to keep."""

    async def read(self, session: Session, data: bytes) -> None:
        """Take over what `write` wrote, into a new session. Raises Invalid."""


class ArchiveParts:
    """The parts of this site, in the order they were registered."""

    def __init__(self) -> None:
        self._parts: dict[str, ArchivePart] = {}

    def add(self, part: ArchivePart) -> None:
        """Register a part; once more with the same name takes its place."""
        self._parts[part.name] = part

    async def write(self, session: Session) -> dict[str, bytes]:
        """The entries of all parts."""
        found = {}
        for part in self._parts.values():
            data = await part.write(session)
            if data is not None:
                found[f"{FOLDER}{part.name}.json"] = data
        return found

    async def read(self, session: Session, entries: dict[str, bytes]) -> None:
        """Let every part take over its entry; entries of unknown parts are left aside."""
        for part in self._parts.values():
            data = entries.get(f"{FOLDER}{part.name}.json")
            if data is not None:
                await part.read(session, data)
