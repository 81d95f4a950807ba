"""What a namespace holds, over all resources: for its deletion and for garbage collection."""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.client.reconciler import ComponentContext

#: Deleting events would only write more of them; they go last.
_LAST = ("events", "events.events.k8s.io")


class NamespacedContent:
    """Lists every object of a namespace."""

    def __init__(self, context: ComponentContext) -> None:
        self._informers = context.informers

    def objects(self, namespace: str) -> list[tuple[str, Object]]:
        """`(resource, object)` for all that is in `namespace`, events last."""
        names = self._informers.resources()
        ordered = [name for name in names if name not in _LAST]
        ordered += [name for name in names if name in _LAST]
        return [(name, obj) for name in ordered for obj in self._informers.peek(name, namespace)]
