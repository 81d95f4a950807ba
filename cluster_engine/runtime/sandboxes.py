"""All pods of the kernel, each with the bytes of its last copy while it has not changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cluster_engine.runtime.sandbox import Sandbox


class Sandboxes:
    """Pods by id. In a restored cluster a pod is read from its bytes when it is first used."""

    def __init__(self, write: Callable[[Sandbox], bytes], read: Callable[[bytes], Sandbox]) -> None:
        self._write = write
        self._read = read
        self._live: dict[str, Sandbox] = {}
        self._copies: dict[str, bytes] = {}
        #: How often any pod was about to change.
        self.touches = 0

    def __iter__(self) -> Iterator[str]:
        return iter([*self._live, *(key for key in self._copies if key not in self._live)])

    def __getitem__(self, pod_id: str) -> Sandbox:
        found = self.get(pod_id)
        if found is None:
            raise KeyError(pod_id)
        return found

    def get(self, pod_id: str) -> Sandbox | None:
        """The pod of that id."""
        found = self._live.get(pod_id)
        if found is None:
            data = self._copies.get(pod_id)
            if data is not None:
                found = self._live[pod_id] = self._read(data)
        return found

    def add(self, sandbox: Sandbox) -> None:
        """A new pod."""
        self._live[sandbox.id] = sandbox

    def remove(self, pod_id: str) -> None:
        """The pod is gone."""
        self._live.pop(pod_id, None)
        self._copies.pop(pod_id, None)

    def touch(self, pod_id: str) -> None:
        """The pod is about to change."""
        self.touches += 1
        if pod_id in self._copies:
            self.get(pod_id)
            del self._copies[pod_id]

    def forget_copy(self, pod_id: str) -> None:
        """The pod's last copy is out of date."""
        if self.get(pod_id) is not None:
            self._copies.pop(pod_id, None)

    def state(self) -> dict[str, bytes]:
        """Every pod as bytes."""
        for pod_id, sandbox in self._live.items():
            if pod_id not in self._copies:
                self._copies[pod_id] = self._write(sandbox)
        return dict(self._copies)

    def restore(self, copies: dict[str, bytes]) -> None:
        """Take over what `state` gave."""
        self._live.clear()
        self._copies = dict(copies)
