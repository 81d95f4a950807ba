"""What the rollout commands share."""

from __future__ import annotations

from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.resources import Resource
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target, gather


def rollout_targets(session: Session) -> tuple[list[Target], list[KubectlError]]:
    """What the arguments name. Raises KubectlError when they name nothing."""
    flags = session.flags
    if not session.arguments and not flags.words("filename") and not flags.text("kustomize"):
        raise KubectlError("required resource not specified")
    return gather(session, session.arguments, takes_all=True)


def group_kind(resource: Resource) -> str:
    """ "Deployment.apps"."""
    return f"{resource.kind}.{resource.group}" if resource.group else resource.kind


def unsupported(resource: Resource, worker: str, verb: str) -> KubectlError:
    """There is nobody to do that for such a kind."""
    name = group_kind(resource)
    if (resource.group, resource.kind) in _KNOWN:
        return KubectlError(f'no {worker} has been implemented for "{name}"')
    shown = f"{{{resource.group} {resource.kind}}}"
    return KubectlError(
        f'error retrieving {verb} for "{name}", no visitor method exists for {shown}'
    )


_KNOWN = (
    ("", "Pod"),
    ("", "ReplicationController"),
    ("apps", "ReplicaSet"),
    ("batch", "Job"),
    ("batch", "CronJob"),
)
