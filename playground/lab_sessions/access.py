"""Who may enter a session with which secret: asked on every Kubernetes request, so kept in memory.

The database stays the truth; services tell the book when a session changes.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from playground.lab_sessions import secrets
from playground.lab_sessions.roles import Role

_ENTRIES_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What the book knows of a session."""

    session_id: str
    nonce: str
    is_read_only: bool
    secrets: dict[Role, str]
    #: It hibernates, or is held for somebody: the next request begins its time.
    is_waiting: bool = False
    #: With which words a change is refused when it is read-only.
    refusal: str = ""

    def role(self, secret: str) -> Role | None:
        """The role that a secret gives."""
        return secrets.role_of(self.session_id, self.nonce, secret)


class AccessBook:
    """Entries by session id, the longest unused go first."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._known: OrderedDict[tuple[str, str], Role] = OrderedDict()

    def find(self, session_id: str) -> Entry | None:
        """What is known, without asking the database."""
        entry = self._entries.get(session_id)
        if entry is not None:
            self._entries.move_to_end(session_id)
        return entry

    def role(self, entry: Entry, secret: str) -> Role | None:
        """The role that a secret gives; a right one is computed once."""
        known = self._known.get((entry.session_id, secret))
        if known is not None:
            return known
        role = entry.role(secret)
        if role is not None:
            self._known[entry.session_id, secret] = role
            if len(self._known) > _ENTRIES_MAX:
                self._known.popitem(last=False)
        return role

    def note(
        self,
        session_id: str,
        nonce: str,
        *,
        is_read_only: bool,
        is_waiting: bool = False,
        refusal: str = "",
    ) -> Entry:
        """Remember a session as it is now."""
        made = {role: secrets.secret_of(session_id, nonce, role) for role in Role}
        entry = Entry(session_id, nonce, is_read_only, made, is_waiting, refusal)
        self._entries[session_id] = entry
        if len(self._entries) > _ENTRIES_MAX:
            self._entries.popitem(last=False)
        return entry

    def forget(self, session_id: str) -> None:
        """The session is gone."""
        entry = self._entries.pop(session_id, None)
        if entry is not None:
            for secret in entry.secrets.values():
                self._known.pop((session_id, secret), None)
