"""All databases of one server, and their content as bytes: the dump and the append-only file.

Both forms of ours are commands that make the content again. Models: redis' persistence.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.images.servers.redis.commands import run
from cluster_engine.images.servers.redis.database import Database, Hash, Scores, Value, number_text
from cluster_engine.images.servers.redis.resp import ProtocolError, request, take_request

DUMP_MAGIC = b"REDIS0012"
KEYS_MAX = 200_000


@dataclass(slots=True)
class Keyspace:
    """The databases that have been used."""

    count: int = 16
    seed: int = 1
    now_ms: int = 0
    databases: dict[int, Database] = field(default_factory=dict)

    def database(self, number: int) -> Database:
        """The database of that number."""
        found = self.databases.get(number)
        if found is None:
            found = self.databases[number] = Database(seed=self.seed + number)
        found.now_ms = self.now_ms
        return found

    @property
    def changes(self) -> int:
        """How many changes there have been."""
        return sum(database.changes for database in self.databases.values())

    @property
    def keys(self) -> int:
        """How many keys there are."""
        return sum(len(database.values) for database in self.databases.values())

    def clear(self) -> None:
        """Remove everything."""
        for database in self.databases.values():
            database.clear()

    def swap(self, first: int, second: int) -> None:
        """Exchange two databases."""
        one, other = self.database(first), self.database(second)
        self.databases[first], self.databases[second] = other, one
        one.changes += 1

    def dump(self) -> bytes:
        """The content as the commands that make it again, after the magic."""
        out = bytearray(DUMP_MAGIC)
        for number in sorted(self.databases):
            database = self.database(number)
            keys = database.live_keys()
            if keys:
                out += request([b"SELECT", b"%d" % number])
            for key in keys:
                out += request(_making(key, database.values[key]))
                due_ms = database.expires_ms.get(key)
                if due_ms is not None:
                    out += request([b"PEXPIREAT", key, b"%d" % due_ms])
        return bytes(out)

    def load(self, data: bytes) -> tuple[int, int] | None:
        """Take over a dump: how many keys came and how many had expired; None: it is no dump."""
        if not data.startswith(DUMP_MAGIC):
            return None
        made = self.replay(data[len(DUMP_MAGIC) :])
        return self.keys, max(made - self.keys, 0)

    def replay(self, data: bytes) -> int:
        """Do the commands in `data`; how many made a value."""
        buffer, number, made = bytearray(data), 0, 0
        try:
            while (words := take_request(buffer)) is not None:
                if not words:
                    continue
                if words[0].upper() == b"SELECT":
                    number = int(words[1])
                elif words[0].upper() == b"FLUSHALL":
                    self.clear()
                else:
                    made += words[0].upper() not in (b"PEXPIREAT", b"DEL")
                    run(self.database(number), words)
        except (ProtocolError, ValueError, IndexError):
            return made
        return made


def _making(key: bytes, value: Value) -> list[bytes]:
    """The command that makes a value."""
    if isinstance(value, bytes):
        return [b"SET", key, value]
    if isinstance(value, list):
        return [b"RPUSH", key, *value]
    if isinstance(value, Hash):
        return [b"HSET", key, *(part for pair in value.items() for part in pair)]
    if isinstance(value, Scores):
        words = [b"ZADD", key]
        for name, score in value.items():
            words += [number_text(score), name]
        return words
    return [b"SADD", key, *value]
