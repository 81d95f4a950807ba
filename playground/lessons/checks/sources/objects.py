"""`object`: one object by name. `objects`: all of a kind, by labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from playground.lessons.checks.check import Sight
from playground.lessons.checks.reader import Reader
from playground.lessons.checks.sources.resources import Resource, read_resource
from playground.lessons.format.fields import Fields


@dataclass(frozen=True, slots=True)
class OneObject:
    """`object: {kind, name, namespace?}`; by itself: it is there."""

    key: ClassVar[str] = "object"
    variables: ClassVar[tuple[str, ...]] = ("object",)
    where_default: ClassVar[str] = "true"
    missing_default: ClassVar[str] = "{object.kind} {object.metadata.name} is still there"

    resource: Resource
    name: str

    @classmethod
    def read(cls, fields: Fields) -> OneObject:
        """The source that the fields describe."""
        return cls(read_resource(fields), fields.text("name"))

    async def look(self, reader: Reader) -> list[Sight]:
        """The object, as the API gives it."""
        found = await reader.get(self.resource.object(self.name))
        if found is None:
            where = f" in namespace {self.resource.namespace}" if self.resource.namespace else ""
            return [Sight({}, f"there is no {self.resource.words(self.name)}{where}")]
        return [Sight({"object": found})]


@dataclass(frozen=True, slots=True)
class ManyObjects:
    """`objects: {kind, namespace?, labels?}`; by itself: there is at least one."""

    key: ClassVar[str] = "objects"
    variables: ClassVar[tuple[str, ...]] = ("objects",)
    where_default: ClassVar[str] = "objects.size() > 0"
    missing_default: ClassVar[str] = ""

    resource: Resource
    labels: str

    @classmethod
    def read(cls, fields: Fields) -> ManyObjects:
        """The source that the fields describe."""
        labels = fields.text("labels") if fields.has("labels") else ""
        return cls(read_resource(fields), labels)

    async def look(self, reader: Reader) -> list[Sight]:
        """The list; its items have no kind of their own."""
        query = {"labelSelector": self.labels} if self.labels else {}
        found = await reader.items(self.resource.collection(), **query)
        return [Sight({"objects": found})]
