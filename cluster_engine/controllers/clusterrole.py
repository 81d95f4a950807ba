"""The aggregation controller: cluster roles that collect the rules of others by their labels.

Models: k8s.io/kubernetes/pkg/controller/clusterroleaggregation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import from_label_selector
from cluster_engine.client.reconciler import ComponentContext, Reconciler
from cluster_engine.store.changes import Change

_RESOURCE = "clusterroles.rbac.authorization.k8s.io"


class ClusterRoleAggregationController(Reconciler):
    """Reconciles the rules of roles with an `aggregationRule`."""

    name = "clusterrole-aggregation-controller"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._roles = context.informers.of(_RESOURCE)
        self._roles.add_index("collector", _collector)
        self._roles.add_handler(self._note)

    def reconcile(self, key: str) -> None:
        """Write the union of the selected roles' rules, in order of their names."""
        role = self._roles.get("", key)
        if role is None or not role.get("aggregationRule"):
            return
        rules: list[Object] = []
        selectors = role["aggregationRule"].get("clusterRoleSelectors") or ()
        for selector in map(from_label_selector, selectors):
            for other in self._roles.list():
                if other is role or not selector.matches(other["metadata"].get("labels") or {}):
                    continue
                rules += [rule for rule in other.get("rules") or () if rule not in rules]
        if rules != (role.get("rules") or []):
            self.client.update(_RESOURCE, {**role, "rules": rules})

    def _note(self, change: Change) -> None:
        if change.origin.actor != "system:apiserver":  # the bootstrap has aggregated already
            for role in self._roles.by_index("collector", "yes"):
                self.enqueue_object(role, change.revision)


def _collector(role: Object) -> tuple[str, ...]:
    return ("yes",) if role.get("aggregationRule") else ()
