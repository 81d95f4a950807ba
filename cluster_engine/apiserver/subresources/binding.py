"""Binding a pod to a node.

A binding is written beside the rules for pod updates, as upstream does: it may set what no update
may, and it owns no fields.

Models: k8s.io/kubernetes/pkg/registry/core/pod/storage BindingREST (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import ApiError, bad_request, conflict
from cluster_engine.apimachinery.fields import FieldError, not_supported, required
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.apiserver.admission.pod_topology import topology_labels
from cluster_engine.apiserver.admission.registry import Admission
from cluster_engine.apiserver.answers import value_answer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.incoming import read_other
from cluster_engine.apiserver.options import write_options
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.subresources.admitting import admit_body
from cluster_engine.apiserver.writing import live_record
from cluster_engine.store.changes import Origin, Record

_SUCCESS: Object = {
    "kind": "Status",
    "apiVersion": "v1",
    "metadata": {},
    "status": "Success",
    "code": 201,
}


def create_binding(core: Core, call: Call, admission: Admission) -> Response:
    """POST …/pods/<name>/binding, and the older POST …/bindings."""
    options = write_options(call.query, "CreateOptions")
    binding = read_other(call, options, ("", "v1", "Binding"))
    metadata, target = binding.get("metadata") or {}, binding.get("target") or {}
    name = metadata.get("name", "")
    if call.info.subresource and name != call.info.name:
        raise bad_request("name in URL does not match name in Binding object")
    problems: list[FieldError] = []
    if target.get("kind") not in (None, "", "Node"):
        problems.append(not_supported("target.kind", target["kind"], ("Node", "<empty>")))
    if not target.get("name"):
        problems.append(required("target.name"))
    if problems:
        raise ApiError(500, "", problems[0].text())
    admit_body(admission, call, binding, is_dry_run=options.is_dry_run)
    record = live_record(core, core.kind("pods"), call.namespace, name)
    held = record.object["metadata"]
    uid = metadata.get("uid")
    if uid and uid != held["uid"]:
        raise _refused(name, uid_precondition(uid, held["uid"]))
    bind_pod(
        core,
        record,
        target["name"],
        call.origin,
        labels=metadata.get("labels"),
        annotations=metadata.get("annotations"),
        is_dry_run=options.is_dry_run,
    )
    return value_answer(call, _SUCCESS, 201)


def uid_precondition(asked: str, held: str) -> str:
    """Why a write conflicts that means another object of that name."""
    return f"Precondition failed: UID in precondition: {asked}, UID in object meta: {held}"


def bind_pod(
    core: Core,
    record: Record,
    node: str,
    origin: Origin,
    *,
    labels: dict[str, str] | None = None,
    annotations: dict[str, str] | None = None,
    is_dry_run: bool = False,
) -> None:
    """Set the pod's node. Raises ApiError 409 when the pod cannot be bound any more."""
    pod = record.object
    metadata, spec = pod["metadata"], pod["spec"]
    name = metadata["name"]
    if "deletionTimestamp" in metadata:
        raise _refused(name, f"pod {name} is being deleted, cannot be assigned to a host")
    if spec.get("nodeName"):
        raise _refused(name, f'pod {name} is already assigned to node "{spec["nodeName"]}"')
    if spec.get("schedulingGates"):
        raise _refused(name, f"pod {name} has non-empty .spec.schedulingGates")
    added = {**(labels or {}), **topology_labels(core, node)}
    if added:
        metadata = {**metadata, "labels": {**(metadata.get("labels") or {}), **added}}
    if annotations:
        joined = {**(metadata.get("annotations") or {}), **annotations}
        metadata = {**metadata, "annotations": joined}
    bound = {
        **pod,
        "metadata": metadata,
        "spec": {**spec, "nodeName": node},
        "status": _scheduled(pod.get("status") or {}, rfc3339(core.clock.now_ms)),
    }
    if is_dry_run:
        return
    core.store.put(
        "pods",
        bound,
        origin,
        time_ms=core.clock.now_ms,
        expected=record,
        managers=record.managers,
    )
    record.encoded = None


def _scheduled(status: Object, now: str) -> Object:
    """The status with a true PodScheduled condition and no nomination."""
    status = {name: value for name, value in status.items() if name != "nominatedNodeName"}
    condition = {
        "type": "PodScheduled",
        "status": "True",
        "lastProbeTime": None,
        "lastTransitionTime": now,
    }
    held = status.get("conditions") or []
    if any(item["type"] == "PodScheduled" for item in held):
        changed = [
            _true(item, condition) if item["type"] == "PodScheduled" else item for item in held
        ]
        return {**status, "conditions": changed}
    return {**status, "conditions": [*held, condition]}


def _true(held: Object, condition: Object) -> Object:
    if held.get("status") == "True":
        return {**condition, "lastTransitionTime": held.get("lastTransitionTime")}
    return condition


def _refused(name: str, why: str) -> ApiError:
    return conflict("pods/binding", name, why)
