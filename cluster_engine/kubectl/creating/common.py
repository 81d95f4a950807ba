"""What the generators of `kubectl create` share: flags, names, sending the object."""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.applying import annotated
from cluster_engine.kubectl.command import DRY_RUN, PRINTING, VALIDATE, manager
from cluster_engine.kubectl.errors import KubectlError, StatusError, UsageError
from cluster_engine.kubectl.flags import Flag, switch
from cluster_engine.kubectl.resources import Resource, resource_of
from cluster_engine.kubectl.results import CLIENT, dry_run, report
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.writing import create

SAVE_CONFIG = switch(
    "save-config",
    "",
    "If true, the configuration of current object will be saved in its "
    "annotation. Otherwise, the annotation will be unchanged. This flag is useful when you want to "
    "perform kubectl apply on this object in the future.",
)
#: Flags of every generator.
COMMON: tuple[Flag, ...] = (*PRINTING, DRY_RUN, VALIDATE, SAVE_CONFIG, manager("kubectl-create"))


def name_of(session: Session) -> str:
    """The one NAME before "--". Raises UsageError."""
    flags = session.flags
    count = len(flags.arguments) if flags.dash == -1 else flags.dash
    if count != 1:
        raise UsageError(f"exactly one NAME is required, got {count}", session.command)
    return flags.arguments[0]


def command_of(session: Session) -> list[str]:
    """What stands behind the name: the container's command."""
    return session.arguments[1:]


def require(session: Session, *names: str) -> None:
    """Raises KubectlError when a flag that must be given is not."""
    missing = [name for name in names if not session.flags.has(name)]
    if missing:
        shown = ", ".join(f'"{name}"' for name in missing)
        raise KubectlError(f"required flag(s) {shown} not set")


def metadata_of(session: Session, name: str, *, labels: dict[str, str] | None = None) -> Object:
    """Name, labels, and the namespace when it was given."""
    metadata: Object = {"name": name}
    if session.is_namespace_given:
        metadata["namespace"] = session.namespace
    if labels:
        metadata["labels"] = labels
    return metadata


def send(session: Session, obj: Object, what: str, *, is_namespaced: bool = True) -> int:
    """Create the object and tell; `what` names it in the error. Raises KubectlError."""
    if session.flags.values.get("save-config"):
        obj = annotated(obj)
    if dry_run(session) != CLIENT:
        resource: Resource = resource_of(session.resources, obj)
        namespace = session.namespace if is_namespaced else ""
        try:
            obj = create(session, resource, namespace, obj)
        except StatusError as error:
            if not what:
                raise
            raise KubectlError(f"failed to create {what} {error.message}") from None
    report(session, obj, "created")
    return 0


def container(name: str, image: str, command: list[str]) -> Object:
    """A container as the generators make it."""
    made: Object = {"image": image, "name": name, "resources": {}}
    if command:
        made["command"] = command
    return made
