"""What the cluster said to one item, and how the object differs from what was there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from playground.hosting.rehearsal import Said
from playground.lab_sessions.manifests.differences import difference
from playground.reviews.items import is_command
from playground.reviews.masking import masked_if_secret
from playground.reviews.models import Item

_MESSAGE_LENGTH_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Applied:
    """The outcome of an item: created, configured, unchanged, deleted, done or refused."""

    item: int
    kind: str
    namespace: str
    name: str
    verb: str
    outcome: str
    code: int
    reason: str
    message: str
    #: Unified, of YAML, Secrets' values masked; empty when nothing differs.
    diff: str

    def body(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "item": self.item,
            "document": self.item,
            "kind": self.kind,
            "namespace": self.namespace,
            "name": self.name,
            "verb": self.verb,
            "outcome": self.outcome,
            "code": self.code,
            "reason": self.reason,
            "message": self.message,
            "diff": self.diff,
        }


def applied_of(item: Item, live: bytes, said: Said) -> Applied:
    """The outcome, from the object before and the cluster's answer."""
    before, answer = _loaded(live), _loaded(said.body)
    name = item.name or str((answer.get("metadata") or {}).get("name", ""))
    is_refused = said.status >= 400
    message = str(answer.get("message", "")) if is_refused else ""
    if is_command(item) or (is_refused and not message):
        message = said.body.decode("utf-8", "replace")
    outcome = "refused" if is_refused else _outcome(item, before, answer)
    return Applied(
        item=item.position,
        kind=item.kind,
        namespace=item.namespace,
        name=name,
        verb=item.act,
        outcome=outcome,
        code=said.status,
        reason=str(answer.get("reason", "")) if is_refused else "",
        message=message[:_MESSAGE_LENGTH_MAX],
        diff=_diff(item, name, outcome, before, answer),
    )


def _outcome(item: Item, before: dict[str, Any], answer: dict[str, Any]) -> str:
    if item.verb in ("delete", "deletecollection") or item.subresource == "eviction":
        return "deleted"
    if is_command(item) or item.subresource not in ("", "status"):
        return "done"
    if not before:
        return "created"
    is_same = _version(before) == _version(answer)
    return "unchanged" if is_same else "configured"


def _diff(
    item: Item, name: str, outcome: str, before: dict[str, Any], answer: dict[str, Any]
) -> str:
    label = f"{item.kind}/{name}"
    if outcome == "deleted":
        return difference(masked_if_secret(before), None, label) if before else ""
    if outcome not in ("created", "configured"):
        return ""
    after = masked_if_secret(answer)
    return difference(masked_if_secret(before) if before else None, after, label)


def _version(obj: dict[str, Any]) -> str:
    return str((obj.get("metadata") or {}).get("resourceVersion", ""))


def _loaded(body: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
