"""The namespace controller: empties a namespace that is to go, then lets it go.

Models: k8s.io/kubernetes/pkg/controller/namespace/deletion (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object, with_status
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.client.reconciler import ComponentContext, Reconciler
from cluster_engine.controllers.namespaced import NamespacedContent
from cluster_engine.store.changes import Change

#: Look again when something is still ending; upstream estimates from its grace periods.
_RETRY_MS = 500
#: Look again when all that is left waits for whoever set its finalizers.
_RETRY_MS_FINALIZERS = 8_000
#: At most that many objects are deleted in one step: others, and other clusters, wait for it.
_STEP_MAX = 100
_FINE = {
    "NamespaceDeletionDiscoveryFailure": (
        "ResourcesDiscovered",
        "All resources successfully discovered",
    ),
    "NamespaceDeletionGroupVersionParsingFailure": (
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
    ),
    "NamespaceDeletionContentFailure": (
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ),
    "NamespaceContentRemaining": ("ContentRemoved", "All content successfully removed"),
    "NamespaceFinalizersRemaining": (
        "ContentHasNoFinalizers",
        "All content-preserving finalizers finished",
    ),
}


class NamespaceController(Reconciler):
    """Reconciles terminating namespaces."""

    name = "namespace-controller"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._namespaces = context.informers.of("namespaces")
        self._content = NamespacedContent(context)
        #: Per namespace, what is still to be deleted: `(resource, name)`, the next one last.
        self._doomed: dict[str, list[tuple[str, str]]] = {}
        self._namespaces.add_handler(self._note)

    def reconcile(self, key: str) -> None:
        """Delete what is inside; when nothing is left remove the finalizer."""
        namespace = self._namespaces.get("", key)
        if namespace is None or "deletionTimestamp" not in namespace["metadata"]:
            self._doomed.pop(key, None)
            return
        finalizers = namespace["spec"].get("finalizers") or []
        if "kubernetes" not in finalizers:
            return
        if not self._delete_some(key):
            self.enqueue(key)
            return
        remaining = self._content.objects(key)
        namespace = self._write_conditions(namespace, remaining)
        if remaining:
            is_held = all(obj["metadata"].get("finalizers") for _, obj in remaining)
            self.enqueue_after(key, _RETRY_MS_FINALIZERS if is_held else _RETRY_MS)
            return
        rest = [item for item in finalizers if item != "kubernetes"]
        spec = {**namespace["spec"], "finalizers": rest}
        self.client.update("namespaces", {**namespace, "spec": spec}, "finalize")

    def state(self) -> Any:
        """See simulation.component."""
        return super().state(), {name: list(rest) for name, rest in self._doomed.items()}

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        base, doomed = state
        super().restore(base)
        self._doomed = {name: list(rest) for name, rest in doomed.items()}

    def _note(self, change: Change) -> None:
        if change.type != "DELETED" and "deletionTimestamp" in change.object["metadata"]:
            self.enqueue(change.name, change.revision)

    def _delete_some(self, namespace: str) -> bool:
        """Delete the next few; True when all that is inside was asked to go."""
        doomed = self._doomed.pop(namespace, None)
        if doomed is None:
            doomed = [
                (resource, obj["metadata"]["name"])
                for resource, obj in self._content.objects(namespace)
                if "deletionTimestamp" not in obj["metadata"]
            ]
            doomed.reverse()
        for _ in range(min(len(doomed), _STEP_MAX)):
            resource, name = doomed.pop()
            try:
                self.client.delete(resource, namespace, name)
            except ApiError as error:
                if error.code not in (404, 405, 409):
                    raise
        if doomed:
            self._doomed[namespace] = doomed
        return not doomed

    def _write_conditions(self, namespace: Object, remaining: list[tuple[str, Object]]) -> Object:
        counts: dict[str, int] = {}
        finalizers: dict[str, int] = {}
        for resource, obj in remaining:
            name = resource if "." in resource else resource + "."
            counts[name] = counts.get(name, 0) + 1
            for finalizer in obj["metadata"].get("finalizers") or ():
                finalizers[finalizer] = finalizers.get(finalizer, 0) + 1
        wrong: dict[str, tuple[str, str]] = {}
        if counts:
            parts = [f"{name} has {n} resource instances" for name, n in sorted(counts.items())]
            text = "Some resources are remaining: " + ", ".join(parts)
            wrong["NamespaceContentRemaining"] = ("SomeResourcesRemain", text)
        if finalizers:
            parts = [f"{name} in {n} resource instances" for name, n in sorted(finalizers.items())]
            text = "Some content in the namespace has finalizers remaining: " + ", ".join(parts)
            wrong["NamespaceFinalizersRemaining"] = ("SomeFinalizersRemain", text)
        held = {c["type"]: c for c in namespace.get("status", {}).get("conditions") or ()}
        conditions = [self._condition(type_, held.get(type_), wrong) for type_ in _FINE]
        if conditions == list(held.values()):
            return namespace
        status = {**namespace["status"], "conditions": conditions}
        return self.client.update_status("namespaces", with_status(namespace, status))

    def _condition(
        self, type_: str, held: Object | None, wrong: dict[str, tuple[str, str]]
    ) -> Object:
        reason, message = wrong.get(type_, _FINE[type_])
        status = "True" if type_ in wrong else "False"
        now = rfc3339(self.clock.now_ms)
        since = held["lastTransitionTime"] if held and held["status"] == status else now
        return {
            "type": type_,
            "status": status,
            "lastTransitionTime": since,
            "reason": reason,
            "message": message,
        }
