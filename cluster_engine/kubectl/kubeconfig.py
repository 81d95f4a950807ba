"""The client's configuration file: contexts, and the namespace commands work in.

The console's machine has one in ~/.kube/config (or where KUBECONFIG says); without a file the
cluster's own context is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.manifests import ManifestError, load_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.printers.yaml_text import to_yaml
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System

CLUSTER, USER, CONTEXT = "podyard", "kubernetes-admin", "kubernetes-admin@podyard"
SERVER = "https://podyard:6443"


def default_config() -> Object:
    """What a new console has."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": CLUSTER, "cluster": {"server": SERVER}}],
        "contexts": [{"name": CONTEXT, "context": {"cluster": CLUSTER, "user": USER}}],
        "current-context": CONTEXT,
        "preferences": {},
        "users": [{"name": USER, "user": {}}],
    }


@dataclass(slots=True)
class Kubeconfig:
    """The configuration and the file it is in."""

    path: str
    data: Object

    @classmethod
    def read(cls, system: System, path: str = "") -> Kubeconfig:
        """Read the file. Raises KubectlError when it is malformed."""
        where = path or system.environment.get("KUBECONFIG", "").split(":")[0]
        where = where or f"{system.environment.get('HOME', '/root')}/.kube/config"
        try:
            text = system.read_file(where)
        except Errno:
            if path:
                raise KubectlError(f"stat {path}: no such file or directory") from None
            return cls(where, default_config())
        try:
            value, _ = load_value(text)
        except ManifestError as error:
            raise KubectlError(
                f'error loading config file "{where}": {error.upstream_text()}'
            ) from None
        data = value if isinstance(value, dict) else {}
        return cls(where, data or default_config())

    def write(self, system: System) -> None:
        """Keep it, making the folder where needed."""
        folder = self.path.rpartition("/")[0]
        if folder and not system.exists(folder):
            system.mkdir(folder)
        system.write_file(self.path, to_yaml(self.data).encode(), mode=0o600)

    @property
    def current(self) -> str:
        return str(self.data.get("current-context") or "")

    def named(self, list_: str, name: str) -> Object | None:
        """An entry of "contexts", "clusters" or "users"."""
        for entry in self.data.get(list_) or ():
            if entry.get("name") == name:
                found: Object = entry
                return found
        return None

    def context(self, name: str = "") -> dict[str, Any]:
        """The inside of a context; the current one without a name. Empty when there is none."""
        entry = self.named("contexts", name or self.current) or {}
        return entry.get("context") or {}

    def server(self, context: str = "", cluster: str = "") -> str:
        """Where a cluster is: the one named, else that of the context."""
        name = cluster or str(self.context(context).get("cluster", ""))
        entry = self.named("clusters", name) or {}
        return str((entry.get("cluster") or {}).get("server") or SERVER)

    def namespace(self, context: str = "") -> str:
        """The namespace of the context, or "default"."""
        return str(self.context(context).get("namespace") or "default")
