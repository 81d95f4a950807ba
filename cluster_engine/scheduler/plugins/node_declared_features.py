"""Only nodes that declare the features which the pod's spec needs.

Models: pkg/scheduler/framework/plugins/nodedeclaredfeatures/nodedeclaredfeatures.go (v1.37.2) and
k8s.io/component-helpers/nodedeclaredfeatures/features (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.events import ADD, NODE, NODE_FEATURE, TARGET_POD, UPDATE
from cluster_engine.scheduler.framework import Cycle, FilterPlugin, Interest, PreFilterPlugin
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.statuses import SKIP, Status, unresolvable

REASON = "node(s) didn't match Pod's required features"
RESTART_ALL = "RestartAllContainersOnContainerExits"
USER_NAMESPACES = "UserNamespacesHostNetworkSupport"
BIND_MOUNT_OPTIONS = "VolumeBindMountOptions"
_REJECTED = unresolvable(REASON)


def needed(spec: Object) -> frozenset[str]:
    """The features a pod spec needs of its node."""
    found = set()
    if spec.get("hostNetwork") and spec.get("hostUsers") is False:
        found.add(USER_NAMESPACES)
    for container in (*spec["containers"], *(spec.get("initContainers") or ())):
        rules = container.get("restartPolicyRules") or ()
        if any(rule.get("action") == "RestartAllContainers" for rule in rules):
            found.add(RESTART_ALL)
        mounts = container.get("volumeMounts") or ()
        if any(mount.get("bindMountOptions") for mount in mounts):
            found.add(BIND_MOUNT_OPTIONS)
    return frozenset(found)


def _declared(node: Object | None) -> list[str]:
    found: list[str] | None = ((node or {}).get("status") or {}).get("declaredFeatures")
    return found or []


def _after_node(_: object, _pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    return old is None or _declared(old) != _declared(new)


def _after_pod(_: object, _pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    return old is None or new is None or needed(old["spec"]) != needed(new["spec"])


class NodeDeclaredFeatures(PreFilterPlugin, FilterPlugin):
    name = "NodeDeclaredFeatures"
    events = (
        Interest(NODE, ADD | NODE_FEATURE, _after_node),
        Interest(TARGET_POD, UPDATE, _after_pod),
    )

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        features = needed(cycle.pod.spec)
        if not features:
            return SKIP
        cycle.notes[self.name] = features
        return None

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        return None if cycle.notes[self.name] <= set(_declared(node.node)) else _REJECTED
