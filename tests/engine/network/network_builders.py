"""A network over a bare store, with objects put in by hand."""

from cluster_engine.client.informer import Informers
from cluster_engine.network.fabric import Fabric
from cluster_engine.network.http import HttpReply
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.changes import Origin
from cluster_engine.store.store import Store


class Echo:
    """A party that answers requests with their path and keeps what happens to its streams."""

    def __init__(self):
        self.accepted = []
        self.is_gone = False
        self.told = []

    def accept(self, key, connection):
        self.accepted.append((key, connection.id))
        return not self.is_gone

    def answer(self, key, request):
        if self.is_gone:
            return None
        return HttpReply(200, f"{key} {request.method} {request.path}".encode())

    def ready(self, connection_id, side):
        self.told.append((connection_id, side))


class World:
    def __init__(self, seed=1):
        self.store = Store(is_freezing=True)
        self.fabric = Fabric(Informers(self.store), Randomness(seed))
        self.echo = Echo()
        self.fabric.attach("kernel", self.echo)
        self.service("kube-dns", "10.96.0.10", "kube-system")

    def put(self, resource, obj):
        namespace = obj["metadata"].get("namespace", "")
        held = self.store.get(resource, namespace, obj["metadata"]["name"])
        self.store.put(resource, obj, Origin("test"), time_ms=0, expected=held)

    def service(self, name, cluster_ip="10.96.0.50", namespace="default", **spec):
        spec.setdefault("ports", [{"port": 80, "targetPort": 8080}])
        spec.setdefault("clusterIPs", [cluster_ip])
        metadata = {"name": name, "namespace": namespace, "uid": f"uid-{name}"}
        self.put("services", {"metadata": metadata, "spec": {"clusterIP": cluster_ip, **spec}})

    def endpoints(self, name, *endpoints, port=8080, port_name="", namespace="default"):
        metadata = {
            "name": f"{name}-abc",
            "namespace": namespace,
            "labels": {"kubernetes.io/service-name": name},
        }
        ports = [{"port": port, "name": port_name}]
        found = {"metadata": metadata, "endpoints": list(endpoints), "ports": ports}
        self.put("endpointslices.discovery.k8s.io", found)


def endpoint(ip, *, ready=True, node="a", **more):
    conditions = {"ready": ready, "serving": ready, "terminating": False}
    return {"addresses": [ip], "conditions": conditions, "nodeName": node, **more}
