"""What a portable cluster consists of: names of entries, versions, and the refusal of a bad one.

Entries are bytes by name, so that a host may zip them, store them or send them as it likes:

    cluster.json      format, version, spec, clock, revision, positions of the random streams
    objects.jsonl     one object a line: resource, revision, object as stored, managed fields
    timeline.jsonl    one line of the timeline a line, oldest first
    scheduling.json   why each pod is where it is, by pod uid
    files.jsonl       one file, directory or link a line: where, path, mode, and the entry it is in
    files/…           contents of files
    logs/…            logs of containers, for people: they are not read back
"""

from __future__ import annotations

FORMAT, VERSION = "podyard-cluster", 1
HEAD = "cluster.json"
OBJECTS = "objects.jsonl"
TIMELINE = "timeline.jsonl"
SCHEDULING = "scheduling.json"
FILES = "files.jsonl"
CONTENTS = "files/"
LOGS = "logs/"


class PortableError(Exception):
    """A portable cluster cannot be read; the text names the entry and says what is wanted."""

    def __init__(self, entry: str, problem: str) -> None:
        super().__init__(f"{entry}: {problem}")
        self.entry = entry
