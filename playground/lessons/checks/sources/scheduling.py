"""`scheduling`: what the scheduler decided about a pod, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from playground.lessons.checks.check import Sight
from playground.lessons.checks.reader import Reader, part
from playground.lessons.checks.sources.pods import PodChoice, read_pods
from playground.lessons.format.fields import Fields


@dataclass(frozen=True, slots=True)
class Scheduling:
    """`scheduling: {pod or labels, namespace?}`; by itself: the last attempt found a node.

    `last` is the newest attempt as `GET …/scheduling` gives it: `result` ("scheduled",
    "unschedulable", "gated"), `node`, `message`, `filters` and `scores` by node.
    """

    key: ClassVar[str] = "scheduling"
    variables: ClassVar[tuple[str, ...]] = ("last", "attempts", "pod")
    where_default: ClassVar[str] = "last.result == 'scheduled'"
    missing_default: ClassVar[str] = "pod {pod.metadata.name} has no node: {last.message}"

    pods: PodChoice

    @classmethod
    def read(cls, fields: Fields) -> Scheduling:
        """The source that the fields describe."""
        return cls(read_pods(fields))

    async def look(self, reader: Reader) -> list[Sight]:
        """The attempts for each of the pods."""
        pods = await self.pods.find(reader)
        if not pods:
            return [Sight({}, self.pods.absent())]
        sights = []
        for pod in pods:
            name = pod["metadata"]["name"]
            place = f"/podyard/v1/namespaces/{part(self.pods.namespace)}/pods/{part(name)}"
            attempts = (await reader.get(f"{place}/scheduling") or {}).get("attempts") or []
            if attempts:
                sights.append(Sight({"last": attempts[-1], "attempts": attempts, "pod": pod}))
            else:
                sights.append(Sight({}, f"the scheduler has not looked at pod {name} yet"))
        return sights
