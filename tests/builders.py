"""Objects for tests, said in a line: `pod("a").requests(cpu="500m").on("node-1").build()`."""

from __future__ import annotations

from typing import Any


class Builder:
    """Collects an object; `build` gives it as a plain dict."""

    def __init__(self, api_version: str, kind: str, name: str, namespace: str = "") -> None:
        metadata: dict[str, Any] = {"name": name}
        if namespace:
            metadata["namespace"] = namespace
        self.object: dict[str, Any] = {
            "apiVersion": api_version,
            "kind": kind,
            "metadata": metadata,
        }

    def labels(self, **labels: str) -> Builder:
        """Labels; `_` in a name stands for `-`."""
        named = {name.replace("_", "-"): text for name, text in labels.items()}
        self.object["metadata"].setdefault("labels", {}).update(named)
        return self

    def set(self, path: str, value: Any) -> Builder:
        """Set a field by its dotted path."""
        *parents, last = path.split(".")
        at = self.object
        for name in parents:
            at = at.setdefault(name, {})
        at[last] = value
        return self

    def build(self) -> dict[str, Any]:
        """The object."""
        return self.object


class PodBuilder(Builder):
    """A pod with one container `main`."""

    def __init__(self, name: str, namespace: str = "default") -> None:
        super().__init__("v1", "Pod", name, namespace)
        self.object["spec"] = {"containers": [{"name": "main", "image": "nginx"}]}

    def image(self, image: str) -> PodBuilder:
        """The image of the container."""
        self.object["spec"]["containers"][0]["image"] = image
        return self

    def requests(self, **amounts: str) -> PodBuilder:
        """Resource requests of the container."""
        self.object["spec"]["containers"][0].setdefault("resources", {})["requests"] = amounts
        return self

    def on(self, node: str) -> PodBuilder:
        """Bound to a node."""
        self.object["spec"]["nodeName"] = node
        return self

    def phase(self, phase: str, **status: Any) -> PodBuilder:
        """With a status."""
        self.object["status"] = {"phase": phase, **status}
        return self

    def uid(self, uid: str) -> PodBuilder:
        """With a uid, as stored ones have."""
        self.object["metadata"]["uid"] = uid
        return self


def pod(name: str, namespace: str = "default") -> PodBuilder:
    """A pod."""
    return PodBuilder(name, namespace)


def deployment(name: str, replicas: int = 1, image: str = "nginx") -> Builder:
    """A deployment whose pods are labelled `app: <name>`."""
    builder = Builder("apps/v1", "Deployment", name, "default")
    labels = {"app": name}
    builder.object["spec"] = {
        "replicas": replicas,
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": labels},
            "spec": {"containers": [{"name": "main", "image": image}]},
        },
    }
    return builder


def service(name: str, port: int = 80, **selector: str) -> Builder:
    """A service for pods with those labels."""
    builder = Builder("v1", "Service", name, "default")
    builder.object["spec"] = {"selector": selector, "ports": [{"port": port}]}
    return builder


def node(name: str, cpu: str = "4", memory: str = "16Gi", pods: str = "110") -> Builder:
    """A node."""
    builder = Builder("v1", "Node", name)
    amounts = {"cpu": cpu, "memory": memory, "pods": pods}
    builder.object["spec"] = {}
    builder.object["status"] = {"capacity": amounts, "allocatable": amounts}
    return builder
