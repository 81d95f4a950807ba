"""Registering nodes: a Node object becomes a machine with a kubelet.

What the object says of capacity, allocatable amounts, images and addresses is honoured; the rest
comes from defaults. Heartbeats are not renewed (docs/fidelity.md, F-03): conditions and the lease
keep the time of their last change.

Models: pkg/kubelet/kubelet_node_status.go, pkg/kubelet/nodestatus (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339, rfc3339_micro
from cluster_engine.kubelet.images import Images
from cluster_engine.kubelet.tools import ACTOR, NORMAL, Tools

VERSION = "v1.37.2"
#: How long a node that joins a running cluster takes to become ready.
_JOIN_MS = (6_000, 12_000)
_DEFAULT_CAPACITY = {
    "cpu": "4",
    "ephemeral-storage": "100Gi",
    "hugepages-1Gi": "0",
    "hugepages-2Mi": "0",
    "memory": "16Gi",
    "pods": "110",
}
_CONTROL_PLANE = "node-role.kubernetes.io/control-plane"
_PRESSURES = (
    ("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
)
_OWN = ("MemoryPressure", "DiskPressure", "PIDPressure", "Ready")
_CONTROLLER = "system:serviceaccount:kube-system:node-controller"
_LOST = "Kubelet stopped posting node status."
_READY = ("True", "KubeletReady", "kubelet is posting ready status")
_JOINING = (
    "False",
    "KubeletNotReady",
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
    "message:Network plugin returns error: cni plugin not initialized",
)


class Nodes:
    """The node side of the kubelets."""

    def __init__(self, tools: Tools, images: Images) -> None:
        self._tools = tools
        self._images = images
        #: Nodes found when the cluster starts are ready at once.
        self._start_ms = tools.now_ms

    def register(self, node: Object) -> None:
        """A node has appeared: give it an address and its first status."""
        tools = self._tools
        metadata = node["metadata"]
        name = metadata["name"]
        given = _address(node)
        is_control_plane = _CONTROL_PLANE in (metadata.get("labels") or {})
        ip = tools.fabric.add_node(name, ip=given, is_control_plane=is_control_plane)
        self._images.seed(node)
        is_ready = tools.is_instant or tools.now_ms == self._start_ms
        readiness = _READY if is_ready else _JOINING
        status = first_status(node, ip, readiness, self._identity(), tools.now_ms)
        self._update(name, {**node, "status": status})
        self._lease(node)
        self._events(name, is_ready)
        if not is_ready:
            due_ms = tools.now_ms + tools.between_ms(*_JOIN_MS)
            tools.agenda.schedule(due_ms, ACTOR, ("ready", name))

    def adopt(self, node: Object) -> bool:
        """A machine of a cluster that came from a file; False when it had not registered yet."""
        tools, name = self._tools, node["metadata"]["name"]
        ip = _address(node)
        if not ip:
            return False
        tools.fabric.add_node(name, ip=ip)
        cidr = node["spec"].get("podCIDR")
        if cidr:
            tools.fabric.addresses.set_pod_cidr(name, cidr)
        ready = find((node.get("status") or {}).get("conditions") or (), "Ready") or {}
        if ready.get("message") == _JOINING[2]:
            due_ms = tools.now_ms + tools.between_ms(*_JOIN_MS)
            tools.agenda.schedule(due_ms, ACTOR, ("ready", name))
        return True

    def is_lost(self, node: Object) -> bool:
        """Whether the node controller says that nothing is heard of it."""
        ready = find((node.get("status") or {}).get("conditions") or (), "Ready") or {}
        return ready.get("message") == _LOST

    def become_ready(self, name: str) -> None:
        """A node that was joining is ready now."""
        node = self._tools.nodes.get("", name)
        if node is None:
            return
        status = node.get("status") or {}
        held = find(status.get("conditions") or (), "Ready")
        if held is None or held["status"] == "True" or held["message"] != _JOINING[2]:
            return
        ready = condition("Ready", _READY, self._tools.now_ms)
        conditions = [ready if c["type"] == "Ready" else c for c in status["conditions"]]
        self._update(name, {**node, "status": {**status, "conditions": conditions}})
        self._event(name, "NodeReady")

    def be_lost(self, name: str) -> None:
        """Nothing has been heard of a node for too long: the node controller says so."""
        node = self._tools.nodes.get("", name)
        if node is None:
            return
        lost = {"status": "Unknown", "reason": "NodeStatusUnknown", "message": _LOST}
        now = rfc3339(self._tools.now_ms)
        status = node.get("status") or {}
        conditions = [
            {**held, **lost, "lastTransitionTime": now} if held["type"] in _OWN else held
            for held in status.get("conditions") or ()
        ]
        context = self._tools.context
        client = context.client_for(_CONTROLLER, "kube-controller-manager")
        client.update_status("nodes", {**node, "status": {**status, "conditions": conditions}})
        text = f"Node {name} status is now: NodeNotReady"
        context.recorder_for("node-controller", "", client).event(
            node, NORMAL, "NodeNotReady", text
        )

    def come_back(self, name: str) -> None:
        """A node that was not heard of posts its status again."""
        node = self._tools.nodes.get("", name)
        if node is None:
            return
        status = node.get("status") or {}
        if not any(c.get("message") == _LOST for c in status.get("conditions") or ()):
            return
        others = [c for c in status["conditions"] if c["type"] not in _OWN]
        conditions = [*others, *_conditions(_READY, self._tools.now_ms)]
        self._update(name, {**node, "status": {**status, "conditions": conditions}})
        self._event(name, "NodeReady")

    def show_images(self, name: str) -> None:
        """Bring the images of the node's status up to date."""
        node = self._tools.nodes.get("", name)
        if node is None:
            return
        status = node.get("status") or {}
        images = self._images.listed(name)
        if images != (status.get("images") or []):
            self._update(name, {**node, "status": {**status, "images": images}})

    def cordoned(self, name: str, is_unschedulable: bool) -> None:
        """Tell that a node was cordoned or uncordoned."""
        self._event(name, "NodeNotSchedulable" if is_unschedulable else "NodeSchedulable")

    def _update(self, name: str, node: Object) -> None:
        try:
            self._tools.client(name).update_status("nodes", node)
        except ApiError as error:
            if error.code != 404:
                raise

    def _lease(self, node: Object) -> None:
        name = node["metadata"]["name"]
        owner = {"apiVersion": "v1", "kind": "Node", "name": name, "uid": node["metadata"]["uid"]}
        lease = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": {
                "name": name,
                "namespace": "kube-node-lease",
                "ownerReferences": [owner],
            },
            "spec": {
                "holderIdentity": name,
                "leaseDurationSeconds": 40,
                "renewTime": rfc3339_micro(self._tools.now_ms),
            },
        }
        try:
            self._tools.client(name).create("leases.coordination.k8s.io", lease)
        except ApiError as error:
            if error.code not in (404, 409, 403):
                raise

    def _events(self, name: str, is_ready: bool) -> None:
        self._tools.recorder(name).event(
            _node_reference(name), NORMAL, "Starting", "Starting kubelet."
        )
        if not self._tools.is_instant:
            for reason in (
                "NodeHasSufficientMemory",
                "NodeHasNoDiskPressure",
                "NodeHasSufficientPID",
            ):
                self._event(name, reason)
            text = "Updated Node Allocatable limit across pods"
            self._tools.recorder(name).event(
                _node_reference(name), NORMAL, "NodeAllocatableEnforced", text
            )
        if is_ready:
            self._event(name, "NodeReady")

    def _event(self, name: str, reason: str) -> None:
        text = f"Node {name} status is now: {reason}"
        self._tools.recorder(name).event(_node_reference(name), NORMAL, reason, text)

    def _identity(self) -> dict[str, str]:
        stream = self._tools.context.randomness.stream("machines")
        machine = f"{stream.getrandbits(128):032x}"
        system, boot = (_uuid(stream.getrandbits(128)) for _ in range(2))
        return {"machineID": machine, "systemUUID": system, "bootID": boot}


def first_status(
    node: Object,
    ip: str,
    readiness: tuple[str, str, str],
    identity: dict[str, str],
    now_ms: int,
) -> Object:
    """The status of a node that has just registered."""
    given = node.get("status") or {}
    capacity = dict(given.get("capacity") or given.get("allocatable") or _DEFAULT_CAPACITY)
    for name in ("cpu", "memory", "pods", "ephemeral-storage"):
        capacity.setdefault(name, _DEFAULT_CAPACITY[name])
    allocatable = {**capacity, **(given.get("allocatable") or {})}
    conditions = [c for c in given.get("conditions") or () if c["type"] not in _OWN]
    conditions += _conditions(readiness, now_ms)
    hostname = (node["metadata"].get("labels") or {}).get(
        "kubernetes.io/hostname", node["metadata"]["name"]
    )
    addresses = given.get("addresses") or [
        {"type": "InternalIP", "address": ip},
        {"type": "Hostname", "address": hostname},
    ]
    status: Object = {
        **given,
        "capacity": capacity,
        "allocatable": allocatable,
        "conditions": conditions,
        "addresses": addresses,
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": {**_node_info(identity), **_filled(given.get("nodeInfo"))},
        "features": {"supplementalGroupsPolicy": True},
        "runtimeHandlers": [
            {"name": name, "features": {"recursiveReadOnlyMounts": True, "userNamespaces": True}}
            for name in ("", "runc")
        ],
    }
    return status


def _conditions(readiness: tuple[str, str, str], now_ms: int) -> list[Object]:
    found = [
        condition(type_, ("False", reason, message), now_ms)
        for type_, reason, message in _PRESSURES
    ]
    return [*found, condition("Ready", readiness, now_ms)]


def condition(type_: str, verdict: tuple[str, str, str], now_ms: int) -> Object:
    """A node condition that has just changed."""
    status, reason, message = verdict
    now = rfc3339(now_ms)
    return {
        "type": type_,
        "status": status,
        "lastHeartbeatTime": now,
        "lastTransitionTime": now,
        "reason": reason,
        "message": message,
    }


def _node_info(identity: dict[str, str]) -> Object:
    return {
        **identity,
        "kernelVersion": "6.12.48+deb13-amd64",
        "osImage": "Debian GNU/Linux 13 (trixie)",
        "containerRuntimeVersion": "containerd://2.2.1",
        "kubeletVersion": VERSION,
        "kubeProxyVersion": "",
        "operatingSystem": "linux",
        "architecture": "amd64",
    }


def _filled(info: Object | None) -> Object:
    return {name: value for name, value in (info or {}).items() if value}


def _address(node: Object) -> str:
    for entry in (node.get("status") or {}).get("addresses") or ():
        if entry["type"] == "InternalIP" and entry.get("address"):
            address: str = entry["address"]
            return address
    return ""


def _node_reference(name: str) -> Object:
    """As the kubelet's events name its node: by name, also where the uid belongs."""
    return {"kind": "Node", "apiVersion": "", "metadata": {"name": name, "uid": name}}


def _uuid(bits: int) -> str:
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
