"""ComponentStatus: a deprecated list that older tools still ask for.

Models: k8s.io/kubernetes/pkg/registry/core/componentstatus (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import not_found
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.answers import record_answer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.options import list_options
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.verbs.list import Page, page_answer, selection_of
from cluster_engine.store.changes import Record

_NAMES = ("controller-manager", "etcd-0", "scheduler")


def get_component(core: Core, call: Call) -> Response:
    """One of them."""
    if call.info.name not in _NAMES:
        raise not_found("componentstatus", call.info.name)
    return record_answer(call, Record(_status(call.info.name), 0), core.clock.now_ms)


def list_components(core: Core, call: Call) -> Response:
    """All of them, in the same good health."""
    selection = selection_of(call, list_options(call.query, is_watch=False))
    records = [Record(_status(name), 0) for name in _NAMES]
    found = [record for record in records if selection.matches(record.object)]
    return page_answer(core, call, Page(found, {}))


def _status(name: str) -> Object:
    condition = {"type": "Healthy", "status": "True", "message": "ok"}
    return {
        "kind": "ComponentStatus",
        "apiVersion": "v1",
        "metadata": {"name": name},
        "conditions": [condition],
    }
