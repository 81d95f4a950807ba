"""`kubectl apply --prune`: what was applied once and is in none of the files goes away.

Models: k8s.io/kubectl/pkg/cmd/apply/prune.go and pkg/util/prune (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.applying import last_applied
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import ARRAY, Flag, switch
from cluster_engine.kubectl.resources import Resource
from cluster_engine.kubectl.results import CLIENT, dry_run, dry_run_query, report
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Filters, items_of

_DEFAULT = (
    ("v1", "ConfigMap"),
    ("v1", "Endpoints"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "Pod"),
    ("v1", "ReplicationController"),
    ("v1", "Secret"),
    ("v1", "Service"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("networking.k8s.io/v1", "Ingress"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "ReplicaSet"),
    ("apps/v1", "StatefulSet"),
    ("v1", "Namespace"),
    ("v1", "PersistentVolume"),
)
FLAGS = (
    switch(
        "prune",
        "",
        "Automatically delete resource objects, that do not appear in the configs and are created "
        "by either apply or create --save-config. Should be used with either -l or --all.",
    ),
    Flag(
        "prune-allowlist",
        "",
        ARRAY,
        None,
        "Overwrite the default allowlist with <group/version/kind> for --prune",
    ),
    switch("all", "", "Select all resources in the namespace of the specified resource types."),
)


@dataclass(slots=True)
class Pruning:
    """What the files have named so far."""

    kinds: list[Resource]
    uids: set[str] = field(default_factory=set)
    namespaces: list[str] = field(default_factory=list)

    def note(self, obj: Object, namespace: str) -> None:
        """The object is in the files."""
        self.uids.add(str((obj.get("metadata") or {}).get("uid")))
        if namespace and namespace not in self.namespaces:
            self.namespaces.append(namespace)

    def run(self, session: Session) -> None:
        """Delete what was not named. Raises KubectlError."""
        for resource in self.kinds:
            spaces = self.namespaces if resource.is_namespaced else [""]
            for namespace in spaces:
                self._prune(session, resource, namespace)

    def _prune(self, session: Session, resource: Resource, namespace: str) -> None:
        query = Filters(labels=session.flags.text("selector")).query()
        answer = session.client.call("GET", resource.path(namespace), query)
        for obj in items_of(answer, resource):
            if last_applied(obj) is None or obj["metadata"]["uid"] in self.uids:
                continue
            if dry_run(session) != CLIENT:
                path = resource.path(namespace, obj["metadata"]["name"])
                options = {"propagationPolicy": "Background"}
                session.client.call("DELETE", path, dry_run_query(session), options)
            report(session, obj, "pruned")


def pruning_of(session: Session) -> Pruning | None:
    """From the flags; None when nothing is to be pruned. Raises KubectlError."""
    flags = session.flags
    if flags.is_on("all") and flags.text("selector"):
        raise KubectlError("cannot set --all and --selector at the same time")
    if not flags.is_on("prune"):
        return None
    if flags.is_on("force"):
        raise KubectlError("--force cannot be used with --prune")
    if not flags.is_on("all") and not flags.text("selector"):
        raise KubectlError(
            "all resources selected for prune without explicitly passing --all. To prune all "
            "resources, pass the --all flag. If you did not mean to prune all resources, specify a "
            "label selector"
        )
    if flags.is_on("server-side"):
        raise KubectlError(
            "--prune is in alpha and doesn't currently work on objects created by server-side apply"
        )
    words = flags.words("prune-allowlist")
    kinds = [_kind(word) for word in words] if words else list(_DEFAULT)
    pruning = Pruning([_resource(session, *kind) for kind in kinds])
    if session.is_namespace_given:
        pruning.namespaces.append(session.namespace)
    return pruning


def _kind(word: str) -> tuple[str, str]:
    parts = word.split("/")
    if len(parts) != 3:
        raise KubectlError(
            f"invalid GroupVersionKind format: {word}, please follow <group/version/kind>"
        )
    group, version, kind = parts
    return (version if group in ("", "core") else f"{group}/{version}", kind)


def _resource(session: Session, api_version: str, kind: str) -> Resource:
    found = session.resources.of_kind(api_version, kind)
    if found is None:
        raise KubectlError(f'no matches for kind "{kind}" in version "{api_version}"')
    return found
