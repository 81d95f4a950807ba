"""docker-entrypoint.sh of redis: the server runs as its own user, and owns its data."""

from __future__ import annotations

from cluster_engine.images.scripts import Entrypoint
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System

_UID = 999
_ENTRIES_MAX = 1_000


class RedisEntrypoint(Entrypoint):
    """See images/library/redis.py for the script it stands for."""

    def prepare(self, system: System, words: list[str]) -> list[str] | int:
        """Options and configuration files are for the server, which does not run as root."""
        if words and (words[0].startswith("-") or words[0].endswith(".conf")):
            words = ["redis-server", *words]
        if words and words[0] == "redis-server" and system.uid == 0:
            _own(system, system.cwd)
            system.set_user(_UID, _UID)
        if words and system.environment.get("REDIS_VERSION", "").startswith("8."):
            system.write(1, b"Starting Redis Server\n")
        return words


def _own(system: System, path: str) -> None:
    """Give the data to the server's user, as `find . -exec chown redis` does."""
    waiting, count = [path], 0
    while waiting and count < _ENTRIES_MAX:
        current = waiting.pop()
        count += 1
        try:
            status = system.lstat(current)
            if status.uid != _UID:
                system.chown(current, _UID, -1, follow=False)
            if status.kind == "directory":
                names = system.list_directory(current)
                waiting += [f"{current.rstrip('/')}/{name}" for name in names]
        except Errno:
            continue
