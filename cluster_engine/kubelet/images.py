"""The images on each node: pulled when needed, one after the other, kept afterwards.

Models: pkg/kubelet/images/image_manager.go (v1.37.2) with its serial puller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.images.image import Image, PullFailure
from cluster_engine.kubelet.backoff import Backoff
from cluster_engine.kubelet.references import full_name, problem
from cluster_engine.kubelet.texts import duration
from cluster_engine.kubelet.tools import NORMAL, WARNING, Tools
from cluster_engine.kubelet.worker import PullBackoff, Step, Worker

#: How long it takes to see that an image need not be pulled again, or that it cannot be.
_CHECK_MS = (300, 900)
_FAIL_MS = (900, 2_500)
#: The node's status follows its images at the next status update.
STATUS_DELAY_MS = 10_000
_LISTED_MAX = 50


@dataclass(frozen=True, slots=True)
class Refusal:
    """No image: the waiting reason and message of the container."""

    reason: str
    message: str


class Images:
    """What each node has pulled."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        #: node -> full name -> the image's digest and size.
        self._present: dict[str, dict[str, tuple[str, int]]] = {}
        #: When a node's puller is free again, and what it will have pulled by then.
        self._free_ms: dict[str, int] = {}
        self._coming: dict[str, set[str]] = {}
        #: Faults: no registry can be reached; how many times longer a pull takes.
        self.is_registry_down = False
        self.slowness = 1

    def seed(self, node: Object) -> None:
        """Take over the images that a node's status says it has."""
        present = self._present.setdefault(node["metadata"]["name"], {})
        for image in (node.get("status") or {}).get("images") or ():
            for name in image.get("names") or ():
                present.setdefault(full_name(name), ("", image.get("sizeBytes") or 0))

    def adopt(self, node: Object) -> None:
        """Take over what the node had pulled, from the status that `listed` made."""
        present = self._present.setdefault(node["metadata"]["name"], {})
        for image in (node.get("status") or {}).get("images") or ():
            names = image.get("names") or ()
            digest = next((name for name in names if "@" in name), "")
            for name in names:
                if "@" not in name:
                    present[full_name(name)] = (digest, image.get("sizeBytes") or 0)

    def forget_node(self, node: str) -> None:
        """The node is gone."""
        self._present.pop(node, None)
        self._free_ms.pop(node, None)
        self._coming.pop(node, None)

    def listed(self, node: str) -> list[Object]:
        """The `images` of the node's status: largest first, as upstream lists them."""
        held = self._present.get(node, {})
        ordered = sorted(held.items(), key=lambda item: (-item[1][1], item[0]))
        return [
            {"names": [digest, name] if digest else [name], "sizeBytes": size}
            for name, (digest, size) in ordered[:_LISTED_MAX]
        ]

    def ensure(self, worker: Worker, pod: Object, container: Object) -> Image | Step | Refusal:
        """The image of a container: had already, being pulled (a step to wait for), or refused."""
        wish = container.get("image") or ""
        event = self._tools.event
        name = container["name"]
        wrong = problem(wish)
        if wrong:
            message = f'Failed to apply default image tag "{wish}": {wrong}'
            event(pod, WARNING, "InspectFailed", message, name)
            return Refusal("InvalidImageName", message)
        policy = container.get("imagePullPolicy") or "IfNotPresent"
        if policy != "Always" and full_name(wish) in self._present.get(worker.node, {}):
            found = self._tools.catalogue.find(wish)
            if not isinstance(found, PullFailure):
                message = (
                    f'Container image "{wish}" already present on machine '
                    "and can be accessed by the pod"
                )
                event(pod, NORMAL, "Pulled", message, name)
                return found
        if policy == "Never":
            message = f'Container image "{wish}" is not present with pull policy of Never'
            event(pod, WARNING, "ErrImageNeverPull", message, name)
            return Refusal("ErrImageNeverPull", message)
        return self._begin(worker, pod, container, wish)

    def finish(self, worker: Worker, pod: Object, container: Object, step: Step) -> Image | Refusal:
        """The end of a pull that `ensure` began."""
        wish = container.get("image") or ""
        name = container["name"]
        now_ms = self._tools.now_ms
        found = self._find(wish)
        self._coming.get(worker.node, set()).discard(full_name(wish))
        if isinstance(found, PullFailure):
            text = f'Failed to pull image "{wish}": {found.message}'
            self._tools.event(pod, WARNING, "Failed", text, name)
            held = worker.pull_backoffs.setdefault(wish, PullBackoff(Backoff()))
            held.backoff.next(now_ms, now_ms)
            held.message = f"{found.reason}: {found.message}"
            return Refusal(found.reason, found.message)
        pulled = duration(now_ms - step.began_ms)
        waited = duration(now_ms - step.started_ms)
        text = (
            f'Successfully pulled image "{wish}" in {pulled} ({waited} including waiting). '
            f"Image size: {found.size_bytes} bytes."
        )
        self._tools.event(pod, NORMAL, "Pulled", text, name)
        self._add(worker.node, wish, found)
        return found

    def retry_ms(self, worker: Worker, wish: str) -> int:
        """When a pull that failed is tried again."""
        held = worker.pull_backoffs.get(wish)
        return held.backoff.updated_ms + held.backoff.delay_ms if held else self._tools.now_ms

    def state(self) -> object:
        """What is on which node, sharing nothing mutable."""
        return (
            {node: dict(held) for node, held in self._present.items()},
            dict(self._free_ms),
            {node: sorted(names) for node, names in self._coming.items()},
            (self.is_registry_down, self.slowness),
        )

    def restore(self, state: Any) -> None:
        """Take over a value made by `state`."""
        present, free_ms, coming, (self.is_registry_down, self.slowness) = state
        self._present = {node: dict(held) for node, held in present.items()}
        self._free_ms = dict(free_ms)
        self._coming = {node: set(names) for node, names in coming.items()}

    def _find(self, wish: str) -> Image | PullFailure:
        """What the registry says now."""
        if self.is_registry_down:
            return self._tools.catalogue.unreachable(wish)
        return self._tools.catalogue.find(wish)

    def _begin(self, worker: Worker, pod: Object, container: Object, wish: str) -> Step | Refusal:
        tools, name = self._tools, container["name"]
        now_ms = tools.now_ms
        held = worker.pull_backoffs.get(wish)
        if held is not None and held.backoff.is_waiting(held.backoff.updated_ms, now_ms):
            message = f'Back-off pulling image "{wish}"'
            tools.event(pod, NORMAL, "BackOff", message, name)
            return Refusal("ImagePullBackOff", f"{message}: {held.message}")
        tools.event(pod, NORMAL, "Pulling", f'Pulling image "{wish}"', name)
        began_ms = max(now_ms, self._free_ms.get(worker.node, 0))
        due_ms = began_ms + self._pull_ms(worker.node, wish)
        if due_ms > now_ms:
            self._free_ms[worker.node] = due_ms
            self._coming.setdefault(worker.node, set()).add(full_name(wish))
        return Step("pull", name, due_ms, now_ms, began_ms)

    def _pull_ms(self, node: str, wish: str) -> int:
        if self._tools.is_instant:
            return 0
        found = self._find(wish)
        if isinstance(found, PullFailure):
            return self._tools.between_ms(*_FAIL_MS)
        name = full_name(wish)
        if name in self._present.get(node, {}) or name in self._coming.get(node, ()):
            return self._tools.between_ms(*_CHECK_MS)
        base = int(found.pull_seconds * 1000) * self.slowness
        return self._tools.between_ms(base * 9 // 10, base * 11 // 10)

    def _add(self, node: str, wish: str, image: Image) -> None:
        present = self._present.setdefault(node, {})
        name = full_name(wish)
        if name not in present:
            present[name] = (image.digest, image.size_bytes)
            due_ms = self._tools.now_ms + STATUS_DELAY_MS
            self._tools.agenda.schedule(due_ms, "kubelet", ("images", node))
