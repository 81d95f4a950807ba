"""The resource quota controller: keeps what a quota's status says in line with what there is.

Admission charges what is created at once; this counts anew when a quota comes or changes, and when
something goes that was charged.

Models: k8s.io/kubernetes/pkg/controller/resourcequota (v1.37.2), without its full recount every
five minutes: nothing is missed here that it would find.
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object, split_key, with_status
from cluster_engine.apimachinery.quantity import canonical, from_value
from cluster_engine.apiserver.quota.amounts import Amounts, added
from cluster_engine.apiserver.quota.usage import concerned, matches_scopes, usage_of
from cluster_engine.client.reconciler import ComponentContext, Reconciler
from cluster_engine.store.changes import DELETED, Change

_QUOTAS = "resourcequotas"
#: Kinds of which a change can free something, too, not only the end.
_CHANGING = ("services", "persistentvolumeclaims")
_OVER = ("Succeeded", "Failed")


class ResourceQuotaController(Reconciler):
    """Reconciles quotas with the objects of their namespaces."""

    name = "resourcequota-controller"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._quotas = context.informers.of(_QUOTAS)
        self._quotas.add_handler(self._note_quota)
        context.informers.watch_all(self._note)

    def reconcile(self, key: str) -> None:
        """Count what one quota is about."""
        quota = self._quotas.get(*split_key(key))
        if quota is None:
            return
        limits = (quota.get("spec") or {}).get("hard") or {}
        hard = {name: canonical(amount) for name, amount in limits.items()}
        used = {name: str(amount) for name, amount in self._used(quota, hard).items()}
        status = {"hard": hard, "used": used}
        if quota.get("status") != status:
            self.client.update_status(_QUOTAS, with_status(quota, status))

    def _used(self, quota: Object, hard: Object) -> Amounts:
        namespace = quota["metadata"]["namespace"]
        total: Amounts = {name: from_value(0, "DecimalSI") for name in sorted(hard)}
        for resource in self.informers.resources():
            names = concerned(resource, hard)
            if not names:
                continue
            for obj in self.informers.peek(resource, namespace):
                if matches_scopes(quota, resource, obj):
                    usage = usage_of(resource, obj, self.clock.now_ms)
                    counted = {name: usage[name] for name in names if name in usage}
                    total = added(total, counted)
        return total

    def _note_quota(self, change: Change) -> None:
        if change.type == DELETED:
            return
        quota = change.object
        previous = change.previous.object if change.previous is not None else {}
        if quota.get("spec") != previous.get("spec") or not quota.get("status"):
            self.enqueue_change(change)

    def _note(self, change: Change) -> None:
        """Something may have become free: look at the namespace's quotas again."""
        if not change.namespace or change.resource in ("events", "events.events.k8s.io"):
            return
        if change.type != DELETED and not _frees(change):
            return
        for quota in self._quotas.list(change.namespace):
            if concerned(change.resource, (quota.get("spec") or {}).get("hard") or {}):
                self.enqueue_object(quota, change.revision)


def _frees(change: Change) -> bool:
    """Whether a change that ends nothing may still free something."""
    if change.previous is None:
        return False
    if change.resource == "pods":
        return _phase(change.object) in _OVER and _phase(change.previous.object) not in _OVER
    if change.resource not in _CHANGING:
        return False
    return bool(change.object.get("spec") != change.previous.object.get("spec"))


def _phase(pod: Object) -> str:
    return str((pod.get("status") or {}).get("phase", ""))
