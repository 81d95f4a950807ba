"""Two pods and some services: one pod serves, the other asks."""

from __future__ import annotations

from cluster_engine.client.informer import Informers
from cluster_engine.images.catalogue import find_layer
from cluster_engine.images.registry import PROGRAMS as SERVERS
from cluster_engine.network.fabric import Fabric
from cluster_engine.runtime.kernel import Kernel
from cluster_engine.shell.programs import PROGRAMS as SHELL
from cluster_engine.simulation.limits import Limits
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.changes import Origin
from cluster_engine.store.store import Store
from tests.engine.images.machine import Machine

RESOLV = (
    "nameserver 10.96.0.10\n"
    "search default.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n"
)


class Network(Machine):
    """A web server `web` behind the service `web`, and pods to ask from."""

    def __init__(self, client="busybox:1.36"):
        super().__init__()
        self.service("kube-dns", "10.96.0.10", "kube-system")
        self.web_ip = self.start("nginx:1.27", pod="web")
        self.service("web", "10.96.0.50")
        self.service("head", "None")
        self.endpoints("web", self.web_ip)
        self.endpoints("head", self.web_ip)
        self.start(client, "sleep", "1000000", pod="box")
        self.call("box", "sh", "-c", f"printf '{RESOLV}' > /etc/resolv.conf")

    def _make(self):
        randomness = Randomness(7)
        self.store = Store()
        self.fabric = Fabric(Informers(self.store), randomness)
        programs = {**SHELL, **SERVERS}
        self.kernel = Kernel(
            self.clock, self.agenda, randomness, Limits(), self.fabric, programs, find_layer
        )
        self.kernel.listener = self.listener

    def put(self, resource, obj):
        """Store an object as it is."""
        namespace, name = obj["metadata"].get("namespace", ""), obj["metadata"]["name"]
        held = self.store.get(resource, namespace, name)
        self.store.put(resource, obj, Origin("test"), time_ms=0, expected=held)

    def service(self, name, cluster_ip, namespace="default"):
        """A service on port 80."""
        spec = {
            "clusterIP": cluster_ip,
            "clusterIPs": [cluster_ip],
            "ports": [{"port": 80, "targetPort": 80}],
        }
        metadata = {"name": name, "namespace": namespace, "uid": f"uid-{name}"}
        self.put("services", {"metadata": metadata, "spec": spec})

    def endpoints(self, name, *addresses):
        """Who serves it."""
        metadata = {
            "name": f"{name}-abc",
            "namespace": "default",
            "labels": {"kubernetes.io/service-name": name},
        }
        conditions = {"ready": True, "serving": True, "terminating": False}
        found = [{"addresses": [ip], "conditions": conditions} for ip in addresses]
        ports = [{"port": 80, "name": ""}]
        self.put(
            "endpointslices.discovery.k8s.io",
            {"metadata": metadata, "endpoints": found, "ports": ports},
        )

    def block(self):
        """Nobody reaches the pod any more."""
        self.fabric.remove_pod("node-1", self.web_ip)

    def sh(self, text, milliseconds=0, shell="sh"):
        """Output, errors and status of a line in the asking pod."""
        return self.call("box", shell, "-c", text, milliseconds=milliseconds)
