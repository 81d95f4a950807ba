"""Questions about the containers of a pod's spec and when they run again. Pure functions.

Models: pkg/api/v1/pod/util.go, pkg/kubelet/container/helpers.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubelet.worker import Attempt, Run, Worker


def all_containers(spec: Object) -> Iterator[Object]:
    """Init, regular and ephemeral containers of a pod spec."""
    yield from spec.get("initContainers") or ()
    yield from spec["containers"]
    yield from spec.get("ephemeralContainers") or ()


def find_container(spec: Object, name: str) -> Object | None:
    """The container of that name, of any kind."""
    for container in all_containers(spec):
        if container["name"] == name:
            return container
    return None


def field_path(spec: Object, name: str) -> str:
    """How events name a container: spec.containers{name}."""
    for group in ("containers", "initContainers", "ephemeralContainers"):
        for container in spec.get(group) or ():
            if container["name"] == name:
                return f"spec.{group}{{{name}}}"
    return ""


def is_init(spec: Object, name: str) -> bool:
    """Whether that is an init container (a sidecar too)."""
    return any(container["name"] == name for container in spec.get("initContainers") or ())


def is_sidecar(container: Object) -> bool:
    """Whether an init container is a restartable one."""
    return bool(container.get("restartPolicy") == "Always")


def restarts_after(container: Object, spec: Object, exit_code: int) -> bool:
    """Whether the container runs again after it ended with that code."""
    own = container.get("restartPolicy")
    if own is not None:
        action = rule_action(container, exit_code)
        if action in ("Restart", "RestartAllContainers"):
            return True
    policy = own or spec.get("restartPolicy") or "Always"
    if policy == "Never":
        return False
    return policy != "OnFailure" or exit_code != 0


def rule_action(container: Object, exit_code: int) -> str:
    """The action of the restart rule that fits an exit code, "" when none does."""
    for rule in container.get("restartPolicyRules") or ():
        codes = rule.get("exitCodes") or {}
        is_listed = exit_code in (codes.get("values") or ())
        if is_listed == (codes.get("operator") == "In"):
            action: str = rule.get("action") or ""
            return action
    return ""


def should_start(container: Object, spec: Object, latest: Attempt | None) -> bool:
    """Whether the container is to be started, given its newest run."""
    if latest is None:
        return True
    if latest.state == Run.RUNNING:
        return False
    return restarts_after(container, spec, latest.exit_code)


def has_regular_run(spec: Object, worker: Worker) -> bool:
    """Whether any regular container has ever run."""
    return any(worker.attempts.get(container["name"]) for container in spec["containers"])


def resolve_port(port: int | str, container: Object) -> int:
    """A port number from a number or a name. Raises ValueError with upstream's text."""
    number = -1
    if isinstance(port, int):
        number = port
    elif port.isdecimal():
        number = int(port)
    else:
        for record in container.get("ports") or ():
            if record.get("name") == port:
                number = record["containerPort"]
                break
        else:
            raise ValueError(f'port "{port}" not found')
    if not 0 < number < 65536:
        raise ValueError(f"invalid port number: {number}")
    return number
