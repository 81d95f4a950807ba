"""RuntimeClass: overhead and scheduling that a pod's runtime class brings.

Models: k8s.io/kubernetes/plugin/pkg/admission/runtimeclass (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.write import CREATE, Write

_CLASSES = "runtimeclasses.node.k8s.io"


class RuntimeClass(Plugin):
    """Sets overhead, node selector and tolerations from the class."""

    NAME = "RuntimeClass"
    OPERATIONS = (CREATE,)
    RESOURCES = ("pods",)

    def mutate(self, write: Write) -> None:
        spec = write.object.get("spec") or {}
        name = spec.get("runtimeClassName")
        if name is None:
            return
        found = self._class(write, name)
        changes: dict[str, Any] = {}
        overhead = (found.get("overhead") or {}).get("podFixed")
        if overhead:
            if spec.get("overhead") and spec["overhead"] != overhead:
                raise refuse(write, _MISMATCH)
            changes["overhead"] = overhead
        scheduling = found.get("scheduling") or {}
        if scheduling.get("nodeSelector"):
            changes["nodeSelector"] = _joined(write, spec, scheduling["nodeSelector"])
        added = [
            one
            for one in scheduling.get("tolerations") or ()
            if one not in (spec.get("tolerations") or ())
        ]
        if added:
            changes["tolerations"] = [*(spec.get("tolerations") or ()), *added]
        if changes:
            write.set_spec(**changes)

    def validate(self, write: Write) -> None:
        spec = write.object.get("spec") or {}
        name = spec.get("runtimeClassName")
        overhead: Object | None = None
        if name is not None:
            overhead = (self._class(write, name).get("overhead") or {}).get("podFixed")
        if overhead:
            if spec.get("overhead") != overhead:
                raise refuse(write, _MISMATCH)
        elif spec.get("overhead"):
            text = (
                "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
            )
            raise refuse(write, text)

    def _class(self, write: Write, name: str) -> Object:
        record = self.core.store.get(_CLASSES, "", name)
        if record is None:
            raise refuse(write, f'pod rejected: RuntimeClass "{name}" not found')
        return record.object


_MISMATCH = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"


def _joined(write: Write, spec: Object, wanted: dict[str, str]) -> dict[str, str]:
    held = spec.get("nodeSelector") or {}
    for key, value in sorted(wanted.items()):
        if key in held and held[key] != value:
            text = (
                f"conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value}; "
                f"pod.spec.nodeSelector[{key}] = {held[key]}"
            )
            raise refuse(write, text)
    return {**held, **wanted}
