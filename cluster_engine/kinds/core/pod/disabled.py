"""Fields of features that are off by default, which the server drops.

Works in place, on the private object that gets its defaults. Disabled fields of containers, probes
and volumes are dropped where their defaults are set.

Models: dropDisabledFields in k8s.io/kubernetes/pkg/api/pod/util.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object

_OF_SPEC = ("schedulingGroup", "evictionResponders")
_WITH_OWNERS = ("secret", "configMap", "downwardAPI", "projected")
_OLD_ANNOTATIONS = tuple(
    f"pod.{stage}.kubernetes.io/{name}"
    for stage in ("alpha", "beta")
    for name in ("init-containers", "init-container-statuses")
)


def drop_from_spec(spec: Object) -> None:
    """What a pod may not say yet."""
    for name in _OF_SPEC:
        spec.pop(name, None)


def drop_old_annotations(annotations: Object) -> None:
    """How init containers were written before they had a field."""
    for name in _OLD_ANNOTATIONS:
        annotations.pop(name, None)


def drop_owners(volume: Object) -> None:
    """Whom the files of a volume belong to."""
    for name in _WITH_OWNERS:
        source = volume.get(name)
        if source is None:
            continue
        source.pop("defaultUser", None)
        _drop_users(source)
        for projection in source.get("sources") or ():
            for one in projection.values():
                one.pop("user", None)
                _drop_users(one)


def _drop_users(source: Object) -> None:
    for item in source.get("items") or ():
        item.pop("user", None)
