"""`log`: what a container has written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from playground.lessons.checks.check import Sight
from playground.lessons.checks.reader import Reader, part
from playground.lessons.checks.sources.pods import PodChoice, read_pods
from playground.lessons.format.fields import Fields

_LINES_MAX = "1000"


@dataclass(frozen=True, slots=True)
class ContainerLog:
    """`log: {pod or labels, namespace?, container?, previous?}`; by itself: it is not empty."""

    key: ClassVar[str] = "log"
    variables: ClassVar[tuple[str, ...]] = ("text", "lines", "pod")
    where_default: ClassVar[str] = "text != ''"
    missing_default: ClassVar[str] = "the log of pod {pod.metadata.name} is empty"

    pods: PodChoice
    container: str
    is_previous: bool

    @classmethod
    def read(cls, fields: Fields) -> ContainerLog:
        """The source that the fields describe."""
        container = fields.text("container") if fields.has("container") else ""
        return cls(read_pods(fields), container, fields.flag("previous"))

    async def look(self, reader: Reader) -> list[Sight]:
        """The last lines of each of the pods."""
        pods = await self.pods.find(reader)
        if not pods:
            return [Sight({}, self.pods.absent())]
        query = {"tailLines": _LINES_MAX}
        if self.container:
            query["container"] = self.container
        if self.is_previous:
            query["previous"] = "true"
        sights = []
        for pod in pods:
            name = pod["metadata"]["name"]
            path = f"/api/v1/namespaces/{part(self.pods.namespace)}/pods/{part(name)}/log"
            text = await reader.text(path, **query)
            if text is None:
                sights.append(Sight({}, f"pod {name} has no such log yet"))
            else:
                sights.append(Sight({"text": text, "lines": text.splitlines(), "pod": pod}))
        return sights
