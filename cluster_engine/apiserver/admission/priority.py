"""Priority: the number behind a pod's priority class.

Models: k8s.io/kubernetes/plugin/pkg/admission/priority (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.write import CREATE, DELETE, UPDATE, Write

_CLASSES = "priorityclasses.scheduling.k8s.io"
_SYSTEM = ("system-node-critical", "system-cluster-critical")
_NO_CLASS: Object = {"value": 0, "preemptionPolicy": "PreemptLowerPriority"}


class Priority(Plugin):
    """Resolves `priorityClassName`, and keeps priority classes consistent."""

    NAME = "Priority"
    OPERATIONS = (CREATE, UPDATE, DELETE)
    RESOURCES = ("pods", _CLASSES)

    def mutate(self, write: Write) -> None:
        if write.resource != "pods":
            if write.operation == DELETE and write.name in _SYSTEM:
                raise refuse(write, "this is a system priority class and cannot be deleted")
            return
        if write.operation == CREATE:
            self._resolve(write)
        elif write.operation == UPDATE:
            _keep(write)

    def validate(self, write: Write) -> None:
        if write.resource != _CLASSES or write.operation == DELETE:
            return
        if not write.object.get("globalDefault"):
            return
        default = self._default_class()
        if default is None:
            return
        name = default["metadata"]["name"]
        if write.operation == CREATE or name != write.name:
            text = f"PriorityClass {name} is already marked as default. Only one default can exist"
            raise refuse(write, text)

    def _resolve(self, write: Write) -> None:
        spec = write.object.get("spec") or {}
        name = spec.get("priorityClassName") or ""
        if name:
            record = self.core.store.get(_CLASSES, "", name)
            if record is None:
                raise refuse(write, f"no PriorityClass with name {name} was found")
            found = record.object
        else:
            found = self._default_class() or _NO_CLASS
        priority, policy = found.get("value", 0), found.get("preemptionPolicy")
        given = spec.get("priority")
        if given is not None and given != priority:
            text = (
                f"the integer value of priority ({given}) must not be provided in pod spec; "
                f"priority admission controller computed {priority} from the given PriorityClass "
                "name"
            )
            raise refuse(write, text)
        changes: dict[str, Any] = {"priority": priority}
        if policy is not None:
            asked = spec.get("preemptionPolicy")
            if asked is not None and asked != policy:
                text = (
                    f"the string value of PreemptionPolicy ({asked}) must not be provided in pod "
                    f"spec; priority admission controller computed {policy} from the given "
                    "PriorityClass name"
                )
                raise refuse(write, text)
            changes["preemptionPolicy"] = policy
        if not name and "metadata" in found:
            changes["priorityClassName"] = found["metadata"]["name"]
        write.set_spec(**changes)

    def _default_class(self) -> Object | None:
        """The class marked as default; of several the one with the lowest value."""
        marked = [
            record.object
            for record in self.core.store.records(_CLASSES)
            if record.object.get("globalDefault")
        ]
        return min(marked, key=_value) if marked else None


def _value(found: Object) -> int:
    value: int = found.get("value", 0)
    return value


def _keep(write: Write) -> None:
    """An update that leaves the resolved fields out keeps them."""
    old = (write.old or {}).get("spec") or {}
    spec = write.object.get("spec") or {}
    kept = {
        field: old[field]
        for field in ("priority", "preemptionPolicy")
        if spec.get(field) is None and old.get(field) is not None
    }
    if kept:
        write.set_spec(**kept)
