"""The ControllerRevision kind: a past state of a DaemonSet's or StatefulSet's template.

Models: k8s.io/kubernetes/pkg/registry/apps/controllerrevision (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, invalid_value, required
from cluster_engine.apimachinery.objects import Object, controller_of
from cluster_engine.kinds.checks import IMMUTABLE, non_negative
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Controller", meaning="Controller of the object"),
    Column("Revision", described_by="apps.v1.ControllerRevision.revision"),
    AGE,
)


def validate(obj: Object) -> list[FieldError]:
    """A number and an object."""
    problems: list[FieldError] = []
    non_negative(problems, "revision", obj.get("revision"))
    data = obj.get("data")
    if data is None:
        problems.append(required("data", "data is mandatory"))
    elif not isinstance(data, dict):
        problems.append(required("data", "data must be a valid JSON object"))
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """The data stays."""
    problems: list[FieldError] = []
    non_negative(problems, "revision", new.get("revision"))
    if new.get("data") != old.get("data"):
        problems.append(invalid_value("data", new.get("data"), IMMUTABLE))
    return problems


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    owner = controller_of(obj)
    controller = "<none>"
    if owner is not None:
        group = owner.get("apiVersion", "").rpartition("/")[0]
        kind = owner.get("kind", "").lower()
        controller = f"{kind}.{group}" if group else kind
        controller = f"{controller}/{owner.get('name', '')}"
    return [obj["metadata"]["name"], controller, obj.get("revision") or 0, age(obj, now_ms)]


KIND = Kind(
    group="apps",
    version="v1",
    kind="ControllerRevision",
    plural="controllerrevisions",
    singular="controllerrevision",
    namespaced=True,
    validate=validate,
    validate_update=validate_update,
    columns=COLUMNS,
    cells=cells,
)
