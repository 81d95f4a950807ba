"""DefaultTolerationSeconds: pods stay five minutes on a node that is not ready or unreachable.

Models: k8s.io/kubernetes/plugin/pkg/admission/defaulttolerationseconds (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.plugin import Plugin
from cluster_engine.apiserver.write import CREATE, UPDATE, Write

_SECONDS = 300
_KEYS = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
_ADDED: tuple[Object, ...] = tuple(
    {
        "key": key,
        "operator": "Exists",
        "effect": "NoExecute",
        "tolerationSeconds": _SECONDS,
    }
    for key in _KEYS
)


class DefaultTolerationSeconds(Plugin):
    """Adds the two tolerations where the pod has none of its own for those taints."""

    NAME = "DefaultTolerationSeconds"
    OPERATIONS = (CREATE, UPDATE)
    RESOURCES = ("pods",)

    def mutate(self, write: Write) -> None:
        held = (write.object.get("spec") or {}).get("tolerations") or []
        if not held:
            write.set_spec(tolerations=list(_ADDED))
            return
        added = [one for one in _ADDED if not any(_covers(item, one["key"]) for item in held)]
        if added:
            write.set_spec(tolerations=[*held, *added])


def _covers(toleration: Object, key: str) -> bool:
    return toleration.get("key", "") in ("", key) and toleration.get("effect", "") in (
        "",
        "NoExecute",
    )
