"""A whole cluster to watch controllers in: objects in, virtual time, objects out."""

from __future__ import annotations

from typing import Any

import orjson

from cluster_engine import ADMIN, Cluster, ClusterSpec, Request

PATHS = {
    "pods": "/api/v1/namespaces/default/pods",
    "services": "/api/v1/namespaces/default/services",
    "endpoints": "/api/v1/namespaces/default/endpoints",
    "events": "/api/v1/namespaces/default/events",
    "configmaps": "/api/v1/namespaces/default/configmaps",
    "deployments": "/apis/apps/v1/namespaces/default/deployments",
    "replicationcontrollers": "/api/v1/namespaces/default/replicationcontrollers",
    "replicasets": "/apis/apps/v1/namespaces/default/replicasets",
    "endpointslices": "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
    "persistentvolumeclaims": "/api/v1/namespaces/default/persistentvolumeclaims",
    "persistentvolumes": "/api/v1/persistentvolumes",
    "storageclasses": "/apis/storage.k8s.io/v1/storageclasses",
    "namespaces": "/api/v1/namespaces",
    "nodes": "/api/v1/nodes",
    "clusterroles": "/apis/rbac.authorization.k8s.io/v1/clusterroles",
}


class Lab:
    """Three nodes, nothing takes time, stored objects refuse to be changed in place."""

    def __init__(self, **wishes: Any) -> None:
        self.cluster = Cluster(ClusterSpec(profile="instant", is_freezing=True, **wishes))

    @classmethod
    def of(cls, cluster: Cluster) -> Lab:
        """A cluster that there is already, such as a fork."""
        made = cls.__new__(cls)
        made.cluster = cluster
        return made

    @staticmethod
    def request(method: str, path: str) -> Request:
        """An administrator's request without a body."""
        return Request(method, path, user=ADMIN)

    def call(self, method: str, path: str, body: Any = None, type_: str = "json") -> Any:
        """One request; the answer decoded. Fails on a refusal."""
        where, _, query = path.partition("?")
        data = b"" if body is None else orjson.dumps(body)
        headers = {"content-type": f"application/{type_}"}
        request = Request(method, where, query, headers=headers, body=data, user=ADMIN)
        answer = self.cluster.handle(request)
        assert answer.status < 300, answer.body
        return orjson.loads(answer.body)

    def create(self, resource: str, body: Any) -> Any:
        """Create an object and let everything due happen."""
        made = self.call("POST", PATHS[resource], body)
        self.pass_time(0)
        return made

    def get(self, resource: str, name: str) -> Any:
        """One object."""
        return self.call("GET", f"{PATHS[resource]}/{name}")

    def names(self, resource: str, query: str = "") -> list[str]:
        """The names of all of a kind."""
        found = self.call("GET", PATHS[resource] + query)
        return [item["metadata"]["name"] for item in found["items"]]

    def items(self, resource: str) -> list[Any]:
        """All of a kind."""
        found: list[Any] = self.call("GET", PATHS[resource])["items"]
        return found

    def patch(self, resource: str, name: str, body: Any) -> Any:
        """Merge a change into an object and let everything due happen."""
        made = self.call("PATCH", f"{PATHS[resource]}/{name}", body, "merge-patch+json")
        self.pass_time(0)
        return made

    def delete(self, resource: str, name: str, query: str = "") -> None:
        """Ask an object to go and let everything due happen."""
        self.call("DELETE", f"{PATHS[resource]}/{name}{query}")
        self.pass_time(0)

    def pass_time(self, seconds: float) -> None:
        """Let virtual time go by."""
        self.cluster.advance(self.cluster.now_ms + round(seconds * 1000))

    def messages(self, name: str) -> list[str]:
        """What events say of an object, oldest first."""
        found = [e for e in self.items("events") if e["involvedObject"]["name"] == name]
        ordered = sorted(found, key=lambda e: int(e["metadata"]["resourceVersion"]))
        return [event["message"] for event in ordered]
