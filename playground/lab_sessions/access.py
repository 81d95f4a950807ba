"""Who may enter a session with which secret: asked on every Kubernetes request, so kept in memory.

The database stays the truth; services tell the book when a session or a person in it changes. What
a person holds open (a watch, a shell, a forwarded port) hangs on their key and ends with it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playground.accounts.visitors import Visitor
from playground.lab_sessions.roles import Role

_ENTRIES_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What the book knows of a session."""

    session_id: str
    nonce: str
    is_read_only: bool
    #: It hibernates, or is held for somebody: the next request begins its time.
    is_waiting: bool = False
    #: With which words a change is refused when it is read-only.
    refusal: str = ""


@dataclass(eq=False, slots=True)
class Key:
    """A person's secret that was found right, and what they hold open with it."""

    session_id: str
    member: int
    role: Role
    person: Visitor
    _holds: dict[int, Callable[[], None]] = field(default_factory=dict)
    _count: int = 0

    @contextmanager
    def hold(self, let_go: Callable[[], None]) -> Iterator[None]:
        """While inside, `let_go` is called should the key end."""
        self._count += 1
        number = self._count
        self._holds[number] = let_go
        try:
            yield
        finally:
            self._holds.pop(number, None)

    @property
    def is_held(self) -> bool:
        """Whether something hangs on it."""
        return bool(self._holds)

    def end(self) -> None:
        """Let go of everything."""
        for let_go in list(self._holds.values()):
            let_go()


class AccessBook:
    """Entries by session id, the longest unused go first; keys by session id and secret."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._keys: dict[str, dict[str, Key]] = {}
        #: Rises when any key changes: what was read of the database before that may be old.
        self.epoch = 0

    def find(self, session_id: str) -> Entry | None:
        """What is known, without asking the database."""
        entry = self._entries.get(session_id)
        if entry is not None:
            self._entries.move_to_end(session_id)
        return entry

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
        entry = Entry(session_id, nonce, is_read_only, is_waiting, refusal)
        self._entries[session_id] = entry
        if len(self._entries) > _ENTRIES_MAX:
            self._tidy(self._entries.popitem(last=False)[0])
        return entry

    def forget(self, session_id: str) -> None:
        """The session is gone."""
        self._entries.pop(session_id, None)
        self.epoch += 1
        for key in self._keys.pop(session_id, {}).values():
            key.end()

    def key(self, session_id: str, secret: str) -> Key | None:
        """The key of a secret that was found right before."""
        return self._keys.get(session_id, {}).get(secret)

    def keep(self, secret: str, key: Key) -> Key:
        """Remember a right secret; the key to use."""
        return self._keys.setdefault(key.session_id, {}).setdefault(secret, key)

    def end_member(self, session_id: str, member: int) -> None:
        """A person has another role, another secret, or none: what they hold open ends."""
        self.epoch += 1
        keys = self._keys.get(session_id, {})
        for secret in [secret for secret, key in keys.items() if key.member == member]:
            keys.pop(secret).end()

    def rename(self, session_id: str, member: int, person: Visitor) -> None:
        """A person has another name; their secret goes on."""
        self.epoch += 1
        for key in self._keys.get(session_id, {}).values():
            if key.member == member:
                key.person = person

    def _tidy(self, session_id: str) -> None:
        """Forget the keys that nothing hangs on."""
        keys = self._keys.get(session_id, {})
        held = {secret: key for secret, key in keys.items() if key.is_held}
        if held:
            self._keys[session_id] = held
        else:
            self._keys.pop(session_id, None)
