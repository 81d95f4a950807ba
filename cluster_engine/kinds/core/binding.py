"""The Binding kind: ties a pod to a node; never stored.

Models: k8s.io/kubernetes/pkg/registry/core/pod/storage (v1.37.2).
"""

from cluster_engine.kinds.kind import Kind

KIND = Kind(
    group="",
    version="v1",
    kind="Binding",
    plural="bindings",
    singular="binding",
    namespaced=True,
    verbs=("create",),
)
