"""`events`: what the cluster's parts have said about objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from playground.lessons.checks.check import Sight
from playground.lessons.checks.reader import Reader, part
from playground.lessons.checks.sources.resources import kind_names, matches_name
from playground.lessons.format.fields import Fields


@dataclass(frozen=True, slots=True)
class Events:
    """`events: {namespace?, kind?, name?, reason?, type?}`; by itself: there is one."""

    key: ClassVar[str] = "events"
    variables: ClassVar[tuple[str, ...]] = ("events",)
    where_default: ClassVar[str] = "events.size() > 0"
    missing_default: ClassVar[str] = ""

    namespace: str
    kind: str
    name: str
    reason: str
    type: str

    @classmethod
    def read(cls, fields: Fields) -> Events:
        """The source that the fields describe."""
        given = {
            key: fields.text(key) if fields.has(key) else ""
            for key in ("kind", "name", "reason", "type")
        }
        if given["kind"] and given["kind"] not in set(kind_names()):
            fields.wrong("kind", f"{given['kind']!r} is no built-in kind")
        if given["type"] not in ("", "Normal", "Warning"):
            fields.wrong("type", f"is {given['type']!r}: give Normal or Warning")
        return cls(fields.text("namespace", default="default"), **given)

    async def look(self, reader: Reader) -> list[Sight]:
        """The events that fit."""
        path = f"/api/v1/namespaces/{part(self.namespace)}/events"
        wanted = {
            "involvedObject.kind": self.kind,
            "reason": self.reason,
            "type": self.type,
        }
        selector = ",".join(f"{field}={value}" for field, value in wanted.items() if value)
        found = await reader.items(path, **({"fieldSelector": selector} if selector else {}))
        if self.name:
            found = [one for one in found if matches_name(one["involvedObject"]["name"], self.name)]
        return [Sight({"events": found})]
