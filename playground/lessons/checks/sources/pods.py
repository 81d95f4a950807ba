"""Which pods a source looks at: one by name (`web`, `web-*`), or those with labels (`app=web`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.selectors import parse_label_selector
from playground.lessons.checks.reader import Reader, part
from playground.lessons.checks.sources.resources import matches_name
from playground.lessons.format.fields import Fields


@dataclass(frozen=True, slots=True)
class PodChoice:
    """Pods of one namespace."""

    namespace: str
    name: str
    labels: str

    async def find(self, reader: Reader) -> list[dict[str, Any]]:
        """The pods that are there, in the order of their names."""
        path = f"/api/v1/namespaces/{part(self.namespace)}/pods"
        if self.name and not self.name.endswith("*"):
            pod = await reader.get(f"{path}/{part(self.name)}")
            return [pod] if pod is not None else []
        query = {"labelSelector": self.labels} if self.labels else {}
        found = await reader.items(path, **query)
        if self.name:
            found = [one for one in found if matches_name(one["metadata"]["name"], self.name)]
        return [one for one in found if "deletionTimestamp" not in one["metadata"]]

    def absent(self) -> str:
        """What is said when there is none."""
        if self.name and not self.name.endswith("*"):
            return f"there is no pod {self.name} in namespace {self.namespace}"
        which = f"named {self.name}" if self.name else ""
        which = f"with labels {self.labels}" if self.labels else which
        return f"there is no pod {which}".rstrip() + f" in namespace {self.namespace}"


def read_pods(fields: Fields) -> PodChoice:
    """The choice that `namespace` and `pod` or `labels` make."""
    name, labels = "", ""
    if fields.has("pod"):
        name = fields.text("pod")
    if fields.has("labels"):
        labels = fields.text("labels")
        try:
            parse_label_selector(labels)
        except ValueError as error:
            fields.wrong("labels", f"is no label selector: {error}")
        if name:
            fields.wrong("labels", "give pod or labels, not both")
    return PodChoice(fields.text("namespace", default="default"), name, labels)
