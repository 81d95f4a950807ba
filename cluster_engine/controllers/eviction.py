"""What becomes of the pods of a node that is lost: not ready at once, evicted after a while.

`NodePodReadiness` takes the readiness of a node's pods away when the node's own is lost, so that
services leave them out. `TaintEvictionController` deletes pods from nodes with a NoExecute taint:
at once, or when the time that they tolerate it is over.

Numbers in tolerations are not compared (docs/fidelity.md, F-25).

Models: pkg/controller/nodelifecycle, pkg/controller/util/node MarkPodsNotReady,
pkg/controller/tainteviction (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object, key_of
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.client.reconciler import ComponentContext, Reconciler
from cluster_engine.store.changes import DELETED, Change

_ACCOUNT = "system:serviceaccount:kube-system:node-controller"
_MANAGER = "kube-controller-manager"
_NO_EXECUTE = "NoExecute"
_FINISHED = ("Succeeded", "Failed")


class NodePodReadiness(Reconciler):
    """Keys are names of nodes that have just stopped being ready."""

    name = "node-pod-readiness"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self.client = context.client_for(_ACCOUNT, _MANAGER)
        self.recorder = context.recorder_for("node-controller", "", self.client)
        self._nodes = context.informers.of("nodes")
        self._nodes.add_handler(self._node_changed)

    def _node_changed(self, change: Change) -> None:
        if change.type == DELETED or change.previous is None:
            return
        if _is_ready(change.previous.object) and not _is_ready(change.object):
            self.enqueue(change.name, change.revision)

    def reconcile(self, key: str) -> None:
        """Say of every ready pod on the node that it is not."""
        node = self._nodes.get("", key)
        if node is None or _is_ready(node):
            return
        for pod in self.informers.peek("pods"):
            if pod["spec"].get("nodeName") == key:
                self._mark(pod)

    def _mark(self, pod: Object) -> None:
        status = pod.get("status") or {}
        conditions = status.get("conditions") or []
        ready = find(conditions, "Ready")
        if ready is None or ready["status"] == "False":
            return
        now = rfc3339(self.clock.now_ms)
        lost = {**ready, "status": "False", "lastTransitionTime": now}
        changed = [lost if one is ready else one for one in conditions]
        self.client.update_status("pods", {**pod, "status": {**status, "conditions": changed}})
        self.recorder.event(pod, "Warning", "NodeNotReady", "Node is not ready")


class TaintEvictionController(Reconciler):
    """Keys are pods on nodes with a NoExecute taint."""

    name = "taint-eviction-controller"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self.client = context.client_for(_ACCOUNT, _MANAGER)
        self.recorder = context.recorder_for(self.name, "", self.client)
        self._nodes = context.informers.of("nodes")
        self._pods = context.informers.of("pods")
        #: Since when each pod's time runs, by uid.
        self._since: dict[str, int] = {}
        self._nodes.add_handler(self._node_changed)
        self._pods.add_handler(self._pod_changed)
        self._tainted: set[str] = set()

    def state(self) -> Any:
        """See simulation.component."""
        return super().state(), dict(self._since)

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        queue, since = state
        super().restore(queue)
        self._since = dict(since)
        nodes = self.informers.peek("nodes")
        self._tainted = {node["metadata"]["name"] for node in nodes if _taints(node)}

    def _node_changed(self, change: Change) -> None:
        taints = [] if change.type == DELETED else _taints(change.object)
        before = _taints(change.previous.object) if change.previous is not None else []
        if taints:
            self._tainted.add(change.name)
        else:
            self._tainted.discard(change.name)
        if taints != before:
            for pod in self.informers.peek("pods"):
                if pod["spec"].get("nodeName") == change.name:
                    self.enqueue(key_of(pod), change.revision)

    def _pod_changed(self, change: Change) -> None:
        if change.object["spec"].get("nodeName", "") in self._tainted:
            self.enqueue_change(change)

    def reconcile(self, key: str) -> None:
        """Delete the pod, or come back when its time is over."""
        namespace, _, name = key.partition("/")
        pod = self._pods.get(namespace, name)
        if pod is None or "deletionTimestamp" in pod["metadata"]:
            self._forget_gone()
            return
        uid = pod["metadata"]["uid"]
        node = self._nodes.get("", pod["spec"].get("nodeName", ""))
        taints = _taints(node) if node is not None else []
        seconds = tolerated_seconds(taints, pod["spec"].get("tolerations") or [])
        if seconds is None:
            if self._since.pop(uid, None) is not None:
                text = f"Cancelling deletion of Pod {key}"
                self.recorder.event(pod, "Normal", "TaintManagerEviction", text)
            return
        now_ms = self.clock.now_ms
        due_ms = self._since.setdefault(uid, now_ms) + seconds * 1000 if seconds else now_ms
        if due_ms > now_ms:
            self.enqueue_after(key, due_ms - now_ms)
            return
        self._evict(pod, key)
        self._since.pop(uid, None)

    def _evict(self, pod: Object, key: str) -> None:
        text = f"Marking for deletion Pod {key}"
        self.recorder.event(pod, "Normal", "TaintManagerEviction", text)
        metadata, status = pod["metadata"], pod.get("status") or {}
        if status.get("phase") not in _FINISHED:
            disrupted = {
                "type": "DisruptionTarget",
                "status": "True",
                "lastTransitionTime": rfc3339(self.clock.now_ms),
                "reason": "DeletionByTaintManager",
                "message": "Taint manager: deleting due to NoExecute taint",
            }
            generation = metadata.get("generation")
            if generation:
                disrupted["observedGeneration"] = generation
            held = status.get("conditions") or []
            others = [one for one in held if one["type"] != "DisruptionTarget"]
            changed = {**status, "conditions": [*others, disrupted]}
            self.client.update_status("pods", {**pod, "status": changed})
        self.client.delete("pods", metadata["namespace"], metadata["name"], uid=metadata["uid"])

    def _forget_gone(self) -> None:
        """Pods that have gone otherwise need no time any more."""
        if len(self._since) > 1000:
            alive = {pod["metadata"]["uid"] for pod in self.informers.peek("pods")}
            self._since = {uid: at for uid, at in self._since.items() if uid in alive}


def tolerated_seconds(taints: list[Object], tolerations: list[Object]) -> int | None:
    """How long a pod bears NoExecute taints: 0 not at all, None for ever."""
    times: list[int] = []
    for taint in taints:
        fitting = [one for one in tolerations if _tolerates(one, taint)]
        if not fitting:
            return 0
        for one in fitting:
            seconds = one.get("tolerationSeconds")
            if seconds is not None:
                times.append(max(0, seconds))
    return min(times) if times else None


def _tolerates(toleration: Object, taint: Object) -> bool:
    effect = toleration.get("effect") or ""
    if effect and effect != taint["effect"]:
        return False
    key = toleration.get("key") or ""
    if key and key != taint["key"]:
        return False
    operator = toleration.get("operator") or "Equal"
    if operator == "Exists":
        return True
    return bool(key) and (toleration.get("value") or "") == (taint.get("value") or "")


def _taints(node: Object) -> list[Object]:
    return [one for one in node["spec"].get("taints") or () if one["effect"] == _NO_EXECUTE]


def _is_ready(node: Object) -> bool:
    ready = find(node.get("status", {}).get("conditions") or [], "Ready")
    return ready is not None and ready["status"] == "True"
