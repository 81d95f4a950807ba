"""`file`: what lies at a path inside a container."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from playground.lessons.checks.check import Sight
from playground.lessons.checks.reader import Reader
from playground.lessons.checks.sources.pods import PodChoice, read_pods
from playground.lessons.format.fields import Fields


@dataclass(frozen=True, slots=True)
class FileInPod:
    """`file: {pod or labels, namespace?, container?, path}`; by itself: it is there."""

    key: ClassVar[str] = "file"
    variables: ClassVar[tuple[str, ...]] = ("exists", "text", "entries", "pod", "reason")
    where_default: ClassVar[str] = "exists"
    missing_default: ClassVar[str] = "in pod {pod.metadata.name}: {reason}"

    pods: PodChoice
    container: str
    path: str

    @classmethod
    def read(cls, fields: Fields) -> FileInPod:
        """The source that the fields describe."""
        container = fields.text("container") if fields.has("container") else ""
        path = fields.text("path")
        if path and not path.startswith("/"):
            fields.wrong("path", f"is {path!r}: give an absolute path")
        return cls(read_pods(fields), container, path)

    async def look(self, reader: Reader) -> list[Sight]:
        """The file in each of the pods."""
        pods = await self.pods.find(reader)
        if not pods:
            return [Sight({}, self.pods.absent())]
        sights = []
        for pod in pods:
            name = pod["metadata"]["name"]
            found = await reader.file(self.pods.namespace, name, self.container, self.path)
            reason = found.get("reason", "")
            if not found["exists"] and reason == "the container is not running":
                sights.append(Sight({}, f"the container of pod {name} is not running"))
                continue
            sights.append(Sight({"entries": [], "reason": "", **found, "pod": pod}))
        return sights
