"""POST …/pods/<name>/eviction: deleting a pod if its disruption budget allows it.

Models: k8s.io/kubernetes/pkg/registry/core/pod/storage/eviction.go (v1.37.2).
"""

from __future__ import annotations

from dataclasses import replace

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.errors import ApiError, bad_request, too_many_requests
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import SelectorError, from_label_selector
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.apiserver.admission.registry import Admission
from cluster_engine.apiserver.answers import value_answer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.deleting import DeleteOptions, Deleter, check_preconditions
from cluster_engine.apiserver.incoming import read_other
from cluster_engine.apiserver.options import delete_options, write_options
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.subresources.admitting import admit_body
from cluster_engine.apiserver.write import DELETE, UPDATE, Write
from cluster_engine.apiserver.writing import Writer, live_record
from cluster_engine.store.changes import Record

_EVICTION = ("policy", "v1", "Eviction")
#: Still accepted as the version of the body.
_OLD_EVICTION = ("policy", "v1beta1", "Eviction")
_BUDGETS = "poddisruptionbudgets.policy"
_VIOLATES = "Cannot evict pod as it would violate the pod's disruption budget."
_DISRUPTED_MAX = 2000
_CONDITION = "DisruptionAllowed"
_SUCCESS: Object = {
    "kind": "Status",
    "apiVersion": "v1",
    "metadata": {},
    "status": "Success",
    "code": 201,
}


def evict(
    core: Core, call: Call, admission: Admission, writer: Writer, deleter: Deleter
) -> Response:
    """Evict the pod. Raises ApiError 429 when its budget is exhausted."""
    asked = write_options(call.query, "CreateOptions")
    eviction = read_other(call, asked, _eviction_type(call))
    if (eviction.get("metadata") or {}).get("name") != call.info.name:
        raise bad_request("name in URL does not match name in Eviction object")
    options = delete_options({}, eviction.get("deleteOptions") or {})
    if asked.is_dry_run and not options.is_dry_run:
        options = replace(options, is_dry_run=True)
    record = live_record(core, call.kind, call.namespace, call.info.name)
    admit_body(admission, call, eviction, is_dry_run=options.is_dry_run)
    if not _is_unprotected(record.object):
        _take_from_budget(core, call, writer, record.object, options)
    if not options.is_dry_run:
        check_preconditions(call.kind, record.object, options)
        marked = _mark(core, call, writer, record)
        if options.resource_version is not None:
            version = marked.object["metadata"]["resourceVersion"]
            options = replace(options, resource_version=version)
        record = marked
    write = Write(
        kind=call.kind,
        operation=DELETE,
        namespace=call.namespace,
        name=call.info.name,
        object={},
        user=call.user,
        origin=call.origin,
        manager="",
        is_dry_run=options.is_dry_run,
        is_admitted=True,
    )
    deleter.delete(write, record, options)
    return value_answer(call, _SUCCESS, 201)


def _eviction_type(call: Call) -> tuple[str, str, str]:
    return _OLD_EVICTION if b"policy/v1beta1" in call.request.body else _EVICTION


def _is_unprotected(pod: Object) -> bool:
    phase = (pod.get("status") or {}).get("phase")
    return phase in ("Succeeded", "Failed", "Pending") or "deletionTimestamp" in pod["metadata"]


def _take_from_budget(
    core: Core, call: Call, writer: Writer, pod: Object, options: DeleteOptions
) -> None:
    """Use one of the disruptions that the pod's budget allows, if it has one."""
    budgets = _budgets_of(core, pod)
    if len(budgets) > 1:
        text = (
            "This pod has more than one PodDisruptionBudget, which the eviction subresource does "
            "not support."
        )
        raise ApiError(500, "", text)
    if not budgets:
        return
    budget = budgets[0].object
    status = budget.get("status") or {}
    if not _is_ready(pod):
        policy = budget["spec"].get("unhealthyPodEvictionPolicy")
        healthy, desired = status.get("currentHealthy", 0), status.get("desiredHealthy", 0)
        if policy == "AlwaysAllow" or (healthy >= desired > 0):
            return
    _check_budget(budget, status)
    if not options.is_dry_run:
        _decrement(core, call, writer, budgets[0], pod["metadata"]["name"])


def _budgets_of(core: Core, pod: Object) -> list[Record]:
    metadata = pod["metadata"]
    found = []
    for record in core.store.records(_BUDGETS, metadata["namespace"]):
        try:
            selector = from_label_selector(record.object["spec"].get("selector"))
        except SelectorError:
            continue
        if selector.matches(metadata.get("labels")):
            found.append(record)
    return found


def _is_ready(pod: Object) -> bool:
    ready = find((pod.get("status") or {}).get("conditions") or [], "Ready")
    return ready is not None and ready.get("status") == "True"


def _check_budget(budget: Object, status: Object) -> None:
    name = budget["metadata"]["name"]
    if status.get("observedGeneration", 0) < budget["metadata"].get("generation", 0):
        text = f"The disruption budget {name} is still being processed by the server."
        raise _refused(too_many_requests(_VIOLATES, 10), text)
    allowed = status.get("disruptionsAllowed", 0)
    text = f"The disruption budget {name} does not allow evicting pods currently"
    if allowed < 0:
        raise _refused(
            _forbidden(name, "pdb disruptions allowed is negative"),
            f"{text}: pdb disruptions allowed is negative",
        )
    if len(status.get("disruptedPods") or {}) > _DISRUPTED_MAX:
        why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller"
        cause = f"{text}: too many pending evictions not confirmed by PDB controller"
        raise _refused(_forbidden(name, why), cause)
    if allowed == 0:
        raise _refused(too_many_requests(_VIOLATES), _exhausted(name, status, text))


def _exhausted(name: str, status: Object, text: str) -> str:
    condition = find(status.get("conditions") or [], _CONDITION) or {}
    says = condition.get("message") if condition.get("status") == "False" else ""
    if says and condition.get("reason") == "SyncFailed":
        return f"{text} because it failed sync: {says}"
    healthy, desired = status.get("currentHealthy", 0), status.get("desiredHealthy", 0)
    if healthy <= desired:
        return (
            f"The disruption budget {name} needs {desired} healthy pods and has {healthy} currently"
        )
    return f"{text} ({condition['reason']}): {says}" if says else text


def _decrement(core: Core, call: Call, writer: Writer, record: Record, pod: str) -> None:
    budget = record.object
    status = dict(budget.get("status") or {})
    now = rfc3339(core.clock.now_ms)
    status["disruptionsAllowed"] = status.get("disruptionsAllowed", 0) - 1
    if status["disruptionsAllowed"] == 0:
        status["conditions"] = _not_allowed(budget, status, now)
    status["disruptedPods"] = {**(status.get("disruptedPods") or {}), pod: now}
    kind = core.kind(_BUDGETS)
    write = Write(
        kind=kind,
        operation=UPDATE,
        namespace=call.namespace,
        name=budget["metadata"]["name"],
        object={**budget, "status": status},
        user=call.user,
        origin=call.origin,
        manager="kube-apiserver",
        subresource="status",
    )
    writer.update(write, record)


def _not_allowed(budget: Object, status: Object, now: str) -> list[Object]:
    condition = {
        "type": _CONDITION,
        "status": "False",
        "observedGeneration": status.get("observedGeneration", 0),
        "lastTransitionTime": now,
        "reason": "InsufficientPods",
        "message": "",
    }
    held: list[Object] = status.get("conditions") or []
    old = find(held, _CONDITION)
    if old is not None and old.get("status") == "False":
        condition["lastTransitionTime"] = old.get("lastTransitionTime")
    return [*(item for item in held if item["type"] != _CONDITION), condition]


def _mark(core: Core, call: Call, writer: Writer, record: Record) -> Record:
    """Say in the pod's status why it goes."""
    pod = record.object
    status = pod.get("status") or {}
    held = status.get("conditions") or []
    if find(held, "DisruptionTarget") is not None:
        return record
    condition = {
        "type": "DisruptionTarget",
        "status": "True",
        "lastProbeTime": None,
        "lastTransitionTime": rfc3339(core.clock.now_ms),
        "reason": "EvictionByEvictionAPI",
        "message": "Eviction API: evicting",
    }
    marked = {**pod, "status": {**status, "conditions": [*held, condition]}}
    stored = core.store.put(
        "pods",
        marked,
        call.origin,
        time_ms=core.clock.now_ms,
        expected=record,
        managers=record.managers,
    )
    record.encoded = None
    return stored


def _refused(error: ApiError, cause: str) -> ApiError:
    details = error.details or {}
    causes = [{"reason": "DisruptionBudget", "message": cause}]
    error.details = {**details, "causes": causes}
    return error


def _forbidden(name: str, why: str) -> ApiError:
    message = f'poddisruptionbudget.policy "{name}" is forbidden: {why}'
    details = {"name": name, "group": "policy", "kind": "poddisruptionbudget"}
    return ApiError(403, "Forbidden", message, details)
