"""Which fields of which kinds a transformation touches, and reaching them.

A path names fields from the top; lists on the way are walked through.

Models: sigs.k8s.io/kustomize/api/filters/fieldspec and internal/konfig/builtinpluginconsts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

from cluster_engine.kubectl.kustomizing.resource import Resource

#: What to put in place of a value.
Setter: TypeAlias = Callable[[Any], Any]


class FieldSpec(NamedTuple):
    """A field of a kind; empty words stand for any."""

    path: str
    kind: str = ""
    group: str = ""
    version: str = ""
    creates: bool = False


def _of(kinds: Iterable[str], path: str, *, creates: bool = False) -> tuple[FieldSpec, ...]:
    """The same path in several kinds, each as "kind" or "group/kind"."""
    return tuple(
        FieldSpec(path, kind.rpartition("/")[2], kind.rpartition("/")[0], creates=creates)
        for kind in kinds
    )


_TEMPLATED = ("ReplicationController", "Deployment", "ReplicaSet", "DaemonSet")
_METADATA_LABELS = (
    FieldSpec("metadata/labels", creates=True),
    *_of(
        (*_TEMPLATED, "apps/StatefulSet", "batch/Job"),
        "spec/template/metadata/labels",
        creates=True,
    ),
    *_of(("batch/CronJob",), "spec/jobTemplate/metadata/labels", creates=True),
    *_of(("batch/CronJob",), "spec/jobTemplate/spec/template/metadata/labels", creates=True),
)
METADATA_LABELS = FieldSpec("metadata/labels", creates=True)
TEMPLATE_LABELS = _METADATA_LABELS
CLAIM_LABELS = _of(
    ("apps/StatefulSet",), "spec/volumeClaimTemplates[]/metadata/labels", creates=True
)
_AFFINE = ("apps/Deployment", "apps/StatefulSet")
_AFFINITY = "spec/template/spec/affinity"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector"
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution/labelSelector"
COMMON_LABELS = (
    *_of(("Service", "ReplicationController"), "spec/selector", creates=True),
    *_of(
        ("Deployment", "ReplicaSet", "DaemonSet", "apps/StatefulSet"),
        "spec/selector/matchLabels",
        creates=True,
    ),
    *_of(_AFFINE, f"{_AFFINITY}/podAffinity/{_PREFERRED}/matchLabels"),
    *_of(_AFFINE, f"{_AFFINITY}/podAffinity/{_REQUIRED}/matchLabels"),
    *_of(_AFFINE, f"{_AFFINITY}/podAntiAffinity/{_PREFERRED}/matchLabels"),
    *_of(_AFFINE, f"{_AFFINITY}/podAntiAffinity/{_REQUIRED}/matchLabels"),
    *_of(_AFFINE, "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels"),
    *_of(("batch/Job", "policy/PodDisruptionBudget"), "spec/selector/matchLabels"),
    *_of(("batch/CronJob",), "spec/jobTemplate/spec/selector/matchLabels"),
    *_of(("networking.k8s.io/NetworkPolicy",), "spec/podSelector/matchLabels"),
    *_of(("networking.k8s.io/NetworkPolicy",), "spec/ingress/from/podSelector/matchLabels"),
    *_of(("networking.k8s.io/NetworkPolicy",), "spec/egress/to/podSelector/matchLabels"),
    *_METADATA_LABELS,
    *CLAIM_LABELS,
)
ANNOTATIONS = (
    FieldSpec("metadata/annotations", creates=True),
    *_of(
        (*_TEMPLATED, "StatefulSet", "batch/Job"),
        "spec/template/metadata/annotations",
        creates=True,
    ),
    *_of(("batch/CronJob",), "spec/jobTemplate/metadata/annotations", creates=True),
    *_of(("batch/CronJob",), "spec/jobTemplate/spec/template/metadata/annotations", creates=True),
)
REPLICAS = _of(
    ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"),
    "spec/replicas",
    creates=True,
)
NAMESPACES = (
    FieldSpec("metadata/name", "Namespace", creates=True),
    FieldSpec("spec/service/namespace", "APIService", "apiregistration.k8s.io", creates=True),
    FieldSpec(
        "spec/conversion/webhook/clientConfig/service/namespace",
        "CustomResourceDefinition",
        "apiextensions.k8s.io",
    ),
)
#: Besides the images of containers, which are looked for everywhere.
IMAGES = tuple(
    FieldSpec(f"{below}spec/volumes[]/image/reference") for below in ("", "spec/template/")
)


def set_field(resource: Resource, spec: FieldSpec, make: Setter, start: Any = None) -> None:
    """Replace what the path leads to; `start` stands for a field that is made."""
    if not resource.identity.is_of(spec.group, spec.version, spec.kind):
        return
    _walk(resource.object, split_path(spec.path), spec.creates, make, start)


def split_path(path: str, separator: str = "/") -> list[str]:
    """ "a/b\\/c" as a and b/c."""
    parts: list[str] = []
    for part in path.removeprefix(separator).split(separator):
        if parts and parts[-1].endswith("\\"):
            parts[-1] = f"{parts[-1][:-1]}{separator}{part}"
        else:
            parts.append(part)
    return parts


def _walk(value: Any, path: list[str], creates: bool, make: Setter, start: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _walk(item, path, creates, make, start)
        return
    if not isinstance(value, dict):
        return
    is_list = path[0].endswith("[]")
    name, rest = path[0].removesuffix("[]"), path[1:]
    if value.get(name) is None:
        if not creates or is_list or start is None:
            return
        value[name] = start if not rest else {}
    if rest:
        _walk(value[name], rest, creates, make, start)
    else:
        value[name] = make(value[name])
