"""What the server keeps on disk: the dump, written at times, and the append-only file.

Models: redis' rdb.c and aof.c, their log lines and file names; the content is ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.images.servers.redis.resp import request
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System

if TYPE_CHECKING:
    from cluster_engine.images.servers.redis.server import RedisServer

_CHILD_OFFSET = 20


def folder(server: RedisServer, system: System) -> str:
    """Where the files are."""
    return server.config["dir"] or system.cwd


def load(server: RedisServer, system: System) -> None:
    """Take over what is on disk, the append-only file first when it is in use."""
    if server.config["appendonly"] == "yes":
        _load_log(server, system)
        return
    path = f"{folder(server, system)}/{server.config['dbfilename']}"
    try:
        data = system.read_file(path)
        age_ms = system.now_ms - system.stat(path).mtime_ms
    except Errno:
        return
    found = server.keyspace.load(data)
    if found is None:
        server.log(system, "#", "Wrong signature trying to load DB from file")
        return
    server.log(system, "*", f"Loading RDB produced by version {server.version}")
    server.log(system, "*", f"RDB age {age_ms // 1000} seconds")
    server.log(system, "*", "RDB memory usage when created 1.00 Mb")
    keys, expired = found
    text = f"Done loading RDB, keys loaded: {keys}, keys expired: {expired}."
    server.log(system, "*", text)
    server.log(system, "*", "DB loaded from disk: 0.000 seconds")


def save(server: RedisServer, system: System) -> bool:
    """Write the dump. Whether it worked."""
    path = f"{folder(server, system)}/{server.config['dbfilename']}"
    try:
        system.write_file(path, server.keyspace.dump(), mode=0o644)
    except Errno as error:
        text = f"Failed opening the temp RDB file temp-{system.pid}.rdb (in server root dir "
        place = folder(server, system)
        server.log(system, "#", f"{text}{place}) for saving: {error.text}")
        return False
    server.note_saved(system.now_ms)
    server.log(system, "*", "DB saved on disk")
    return True


def save_in_background(server: RedisServer, system: System) -> None:
    """Write the dump as the forked child would."""
    child = system.pid + _CHILD_OFFSET
    server.log(system, "*", f"Background saving started by pid {child}")
    path = f"{folder(server, system)}/{server.config['dbfilename']}"
    try:
        system.write_file(path, server.keyspace.dump(), mode=0o644)
    except Errno as error:
        text = f"Failed opening the temp RDB file temp-{child}.rdb for saving: {error.text}"
        server.log(system, "#", text, "C", child)
        server.log(system, "#", "Background saving error")
        return
    server.note_saved(system.now_ms)
    server.log(system, "*", "DB saved on disk", "C", child)
    text = "Fork CoW for RDB: current 0 MB, peak 0 MB, average 0 MB"
    server.log(system, "*", text, "C", child)
    server.log(system, "*", "Background saving terminated with success")


def due_ms(server: RedisServer) -> int | None:
    """When the next dump is to be written; None: not as things are."""
    changes = server.changes_unsaved
    if not changes:
        return None
    found = [
        server.saved_ms + seconds * 1000
        for seconds, least in rules(server.config["save"])
        if changes >= least
    ]
    return min(found) if found else None


def save_when_due(server: RedisServer, system: System) -> None:
    """Write the dump if one of the rules says so."""
    changes = server.changes_unsaved
    for seconds, least in rules(server.config["save"]):
        if changes >= least and system.now_ms - server.saved_ms >= seconds * 1000:
            server.log(system, "*", f"{least} changes in {seconds} seconds. Saving...")
            save_in_background(server, system)
            return


def rules(text: str) -> list[tuple[int, int]]:
    """`3600 1 300 100`: after so many seconds with at least so many changes."""
    words = [int(word) for word in text.split() if word.isdecimal()]
    return list(zip(words[::2], words[1::2], strict=False))


def append(server: RedisServer, system: System, place: int, data: bytes) -> None:
    """Add a change to the append-only file."""
    if place != server.logged_database:
        data = request([b"SELECT", b"%d" % place]) + data
        server.logged_database = place
    try:
        system.write_file(_log_path(server, system), data, append=True, mode=0o644)
    except Errno as error:
        server.log(system, "#", f"Error writing to the AOF file: {error.text}")


def rewrite_log(server: RedisServer, system: System) -> None:
    """Begin the append-only file again with what there is now."""
    child = system.pid + _CHILD_OFFSET
    text = f"Background append only file rewriting started by pid {child}"
    server.log(system, "*", text)
    directory = f"{folder(server, system)}/{server.config['appenddirname']}"
    try:
        if not system.exists(directory):
            system.mkdir(directory, 0o755)
        payload = server.keyspace.dump().partition(b"REDIS0012")[2]
        system.write_file(_log_path(server, system), payload, mode=0o644)
    except Errno as error:
        server.log(system, "#", f"Can't open the append-only file: {error.text}")
        return
    server.logged_database = -1
    server.log(system, "*", "Background AOF rewrite finished successfully")


def _load_log(server: RedisServer, system: System) -> None:
    path = _log_path(server, system)
    directory, _, name = path.rpartition("/")
    try:
        data = system.read_file(path)
    except Errno:
        try:
            if not system.exists(directory):
                system.mkdir(directory, 0o755)
            system.write_file(path, b"", mode=0o644)
        except Errno as error:
            server.log(system, "#", f"Can't open or create append-only dir: {error.text}")
            return
        server.log(system, "*", f"Creating AOF incr file {name} on server start")
        return
    server.keyspace.replay(data)
    server.log(system, "*", f"DB loaded from incr file {name}: 0.000 seconds")
    server.log(system, "*", "DB loaded from append only file: 0.000 seconds")
    server.log(system, "*", f"Opening AOF incr file {name} on server start")


def _log_path(server: RedisServer, system: System) -> str:
    config = server.config
    name = f"{config['appendfilename']}.1.incr.aof"
    return f"{folder(server, system)}/{config['appenddirname']}/{name}"
