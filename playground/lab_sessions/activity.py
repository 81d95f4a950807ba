"""Who did something lately: noted in memory at every act, written down once in a while.

What counts: requests with a person's own kubectl or another client, acts in the editor, keys in a
terminal, and a page that is open and visible (it says so once a minute). Watches that stay open
and pages in the background do not.
"""

from __future__ import annotations

import datetime

from django.utils import timezone


class Activity:
    """The last moment of each session of this process."""

    def __init__(self) -> None:
        self._last: dict[str, datetime.datetime] = {}
        self._changed: set[str] = set()

    def note(self, session_id: str) -> None:
        """Somebody does something now."""
        self._last[session_id] = timezone.now()
        self._changed.add(session_id)

    def last(self, session_id: str) -> datetime.datetime | None:
        """When somebody did, as far as this process knows."""
        return self._last.get(session_id)

    def take_changed(self) -> dict[str, datetime.datetime]:
        """What was noted since the last call."""
        taken = {name: self._last[name] for name in self._changed if name in self._last}
        self._changed.clear()
        return taken

    def forget(self, session_id: str) -> None:
        """The session has ended."""
        self._last.pop(session_id, None)
        self._changed.discard(session_id)
