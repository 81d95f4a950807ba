"""ResourceQuota: what a namespace may use in total.

A write that fits is charged at once, in the quota's status; its controller corrects the status
when objects go.

Models: k8s.io/apiserver/pkg/admission/plugin/resourcequota (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import ZERO, parse_quantity
from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.quota.amounts import Amounts, added, amounts_of, subtracted
from cluster_engine.apiserver.quota.usage import (
    compute_usage,
    concerned,
    is_terminating,
    matches_scopes,
    usage_of,
)
from cluster_engine.apiserver.write import CREATE, UPDATE, Write
from cluster_engine.store.changes import Record

_QUOTAS = "resourcequotas"
#: Limiting one of these makes every container name it: an old mistake that clients know.
_MANDATORY = (
    "cpu",
    "limits.cpu",
    "limits.memory",
    "memory",
    "requests.cpu",
    "requests.memory",
)


@dataclass(frozen=True, slots=True)
class _Charge:
    record: Record
    amounts: Amounts


class ResourceQuota(Plugin):
    """Refuses what would exceed a quota of the namespace, and charges what does not."""

    NAME = "ResourceQuota"
    OPERATIONS = (CREATE, UPDATE)
    SUBRESOURCES = ("", "resize")

    def validate(self, write: Write) -> None:
        if not write.namespace or not self.core.store.count(_QUOTAS) or not _is_charged(write):
            return
        charges = [
            charge
            for record in self.core.store.records(_QUOTAS, write.namespace)
            if (charge := self._charge(write, record)) is not None
        ]
        if not write.is_dry_run:
            for charge in charges:
                self._commit(write, charge)

    def _charge(self, write: Write, record: Record) -> _Charge | None:
        """What the write adds to a quota; None when it is not about it. Raises ApiError."""
        quota, obj = record.object, write.object
        status = quota.get("status") or {}
        hard, used = status.get("hard") or {}, status.get("used") or {}
        names = concerned(write.resource, hard)
        if not names or not matches_scopes(quota, write.resource, obj):
            return None
        name = quota["metadata"]["name"]
        if write.resource == "pods":
            lacking = _lacking(obj, names)
            if lacking:
                raise refuse(write, f"failed quota: {name}: must specify {lacking}")
        if any(limited not in used for limited in names):
            why = f"status unknown for quota: {name}, resources: {','.join(names)}"
            raise refuse(write, why)
        now_ms = self.core.clock.now_ms
        usage = usage_of(write.resource, obj, now_ms)
        negative = sorted(limited for limited, amount in usage.items() if amount < ZERO)
        if negative:
            why = f"quota usage is negative for resource(s): {','.join(negative)}"
            raise refuse(write, why)
        if write.old is not None and matches_scopes(quota, write.resource, write.old):
            usage = subtracted(usage, usage_of(write.resource, write.old, now_ms))
        asked = {limited: a for limited, a in usage.items() if a and limited in hard}
        if not asked:
            return None
        self._check(write, name, asked, hard, used)
        return _Charge(record, asked)

    def _check(self, write: Write, name: str, asked: Amounts, hard: Object, used: Object) -> None:
        exceeded = [
            limited
            for limited, amount in sorted(asked.items())
            if parse_quantity(used.get(limited, "0")) + amount > parse_quantity(hard[limited])
        ]
        if not exceeded:
            return
        requested = ",".join(f"{limited}={asked[limited]}" for limited in exceeded)
        held = ",".join(f"{limited}={used[limited]}" for limited in exceeded if limited in used)
        limits = ",".join(f"{limited}={hard[limited]}" for limited in exceeded)
        why = f"exceeded quota: {name}, requested: {requested}, used: {held}, limited: {limits}"
        raise refuse(write, why)

    def _commit(self, write: Write, charge: _Charge) -> None:
        record = charge.record
        quota = record.object
        status = quota["status"]
        used = {name: parse_quantity(amount) for name, amount in status["used"].items()}
        total = {name: str(amount) for name, amount in added(used, charge.amounts).items()}
        charged = {**quota, "status": {**status, "used": total}}
        self.core.store.put(
            _QUOTAS,
            charged,
            write.origin,
            time_ms=self.core.clock.now_ms,
            expected=record,
            managers=record.managers,
        )
        record.encoded = None


def _is_charged(write: Write) -> bool:
    """Whether such a write can change what is used at all."""
    if write.operation == CREATE:
        return write.subresource == ""
    if write.resource == "pods":
        if write.subresource == "resize":
            return True
        return is_terminating(write.object) != is_terminating(write.old or {})
    return write.resource in ("services", "persistentvolumeclaims") and not write.subresource


def _lacking(pod: Object, names: list[str]) -> str:
    """What containers must name because a quota limits it; empty when nothing is missing."""
    spec = pod.get("spec") or {}
    if spec.get("resources"):
        return ""
    required = [name for name in names if name in _MANDATORY]
    found: list[str] = []
    for name in required:
        containers = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
        without = sorted(item["name"] for item in containers if name not in _named(item))
        if without:
            found.append(f"{name} for: {','.join(without)}")
    return "; ".join(found)


def _named(container: Object) -> Amounts:
    return compute_usage(amounts_of(container, "requests"), amounts_of(container, "limits"))
