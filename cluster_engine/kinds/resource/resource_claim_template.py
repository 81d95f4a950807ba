"""The ResourceClaimTemplate kind.

Models: k8s.io/kubernetes/pkg/registry/resource/resourceclaimtemplate (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, name_and_age
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.resource.devices import GROUP, default_claim_spec


def default(obj: Object) -> None:
    """The defaults of its requests."""
    default_claim_spec((obj.get("spec") or {}).get("spec"))


KIND = Kind(
    group=GROUP,
    version="v1",
    kind="ResourceClaimTemplate",
    plural="resourceclaimtemplates",
    singular="resourceclaimtemplate",
    namespaced=True,
    default=default,
    columns=(NAME, AGE),
    cells=name_and_age,
)
