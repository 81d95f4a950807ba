"""The pods and containers to debug with.

Models: k8s.io/kubectl/pkg/cmd/debug/debug.go (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.manifests import ManifestError, load_value
from cluster_engine.apimachinery.objects import Object, clone
from cluster_engine.apimachinery.patches.strategic import StrategicPatchError, strategic_merge
from cluster_engine.apiserver.shapes import published_shape
from cluster_engine.kubectl.debugging.profiles import COPY, EPHEMERAL, NODE, apply_profile
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.pods import find_container
from cluster_engine.kubectl.session import Session

_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_SUFFIX_LENGTH = 5
_FIXED = ("name", "command", "image", "lifecycle", "volumeDevices")
_WARNING = (
    "Warning: Non-root user is configured for the entire target Pod, and some capabilities granted "
    'by debug profile may not work. Please consider using "--custom" with a custom profile that '
    'specifies "securityContext.runAsUser: 0".'
)


def ephemeral_container(session: Session, pod: Object) -> Object:
    """A container to run beside the others of the pod. Raises KubectlError."""
    container = _container(session, _new_name(session, pod))
    if session.flags.text("target"):
        container["targetContainerName"] = session.flags.text("target")
    changed = clone(pod)
    apply_profile(session.flags, EPHEMERAL, changed, container)
    container = _customised(session, container)
    _warn(session, container, pod)
    return container


def node_pod(session: Session, node: Object) -> Object:
    """A pod on the node, with its namespaces and files. Raises KubectlError."""
    flags = session.flags
    name = node["metadata"]["name"]
    container = _container(session, flags.text("container") or "debugger")
    pod_name = f"node-debugger-{name}-{_suffix(session)}"
    if not flags.is_on("quiet"):
        session.out(
            f"Creating debugging pod {pod_name} with container {container['name']} on node {name}."
        )
    pod: Object = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": pod_name, "labels": {"app.kubernetes.io/managed-by": "kubectl-debug"}},
        "spec": {
            "nodeName": name,
            "restartPolicy": "Never",
            "tolerations": [{"operator": "Exists"}],
        },
    }
    apply_profile(flags, NODE, pod, container)
    pod["spec"]["containers"] = [_customised(session, container)]
    return pod


def pod_copy(session: Session, pod: Object) -> tuple[Object, str]:
    """A copy of the pod with a container added or changed, and that container's name ("" when only
    images change). Raises KubectlError."""
    flags = session.flags
    made = _copy(session, pod)
    images = _images(session)
    for container in made["spec"]["containers"]:
        container["image"] = images.get(container["name"], images.get("*", container["image"]))
    name = flags.text("container")
    chosen = find_container(made, name) if name else None
    if chosen is None:
        if not flags.text("image"):
            if images:
                return made, ""
            raise KubectlError("you must specify image when creating new container")
        name = name or _new_name(session, made)
        chosen = {"name": name, "terminationMessagePolicy": "File"}
        made["spec"]["containers"].append(chosen)
    _change(session, chosen)
    apply_profile(flags, COPY, made, chosen)
    chosen.update(_customised(session, chosen))
    _warn(session, chosen, made)
    return made, name


def _copy(session: Session, pod: Object) -> Object:
    flags = session.flags
    metadata = pod["metadata"]
    spec = clone(pod["spec"])
    spec.pop("ephemeralContainers", None)
    if flags.has("share-processes"):
        spec["shareProcessNamespace"] = flags.is_on("share-processes")
    if not flags.is_on("same-node"):
        spec.pop("nodeName", None)
    kept = {part: clone(metadata[part]) for part in ("labels", "annotations") if part in metadata}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": flags.text("copy-to"),
            "namespace": metadata["namespace"],
            **kept,
        },
        "spec": spec,
    }


def _change(session: Session, container: Object) -> None:
    flags = session.flags
    words = debug_command(session)
    if words and flags.is_on("arguments-only"):
        container["args"] = words
    elif words:
        container["command"] = words
        container.pop("args", None)
    for field, value in (
        ("env", _environment(session)),
        ("image", flags.text("image")),
        ("imagePullPolicy", flags.text("image-pull-policy")),
    ):
        if value:
            container[field] = value
    for field in ("stdin", "tty"):
        if flags.is_on(field):
            container[field] = True
        else:
            container.pop(field, None)


def _container(session: Session, name: str) -> Object:
    container: Object = {"name": name, "terminationMessagePolicy": "File"}
    _change(session, container)
    return container


def debug_command(session: Session) -> list[str]:
    """What stands behind "--"."""
    flags = session.flags
    return flags.arguments[flags.dash :] if flags.dash >= 0 else []


def _environment(session: Session) -> list[Object]:
    pairs = []
    for text in session.flags.words("env"):
        name, equals, value = text.partition("=")
        if not equals:
            raise KubectlError(f"{text} must be formatted as key=value")
        pairs.append({"name": name, "value": value})
    return pairs


def _images(session: Session) -> dict[str, str]:
    images = {}
    for text in session.flags.words("set-image"):
        name, equals, image = text.partition("=")
        if not equals:
            raise KubectlError(f"{text} must be formatted as key=value")
        images[name] = image
    return images


def _new_name(session: Session, pod: Object) -> str:
    name = session.flags.text("container")
    if name:
        return name
    while not name or find_container(pod, name) is not None:
        name = f"debugger-{_suffix(session)}"
    if not session.flags.is_on("quiet"):
        session.out(f"Defaulting debug container name to {name}.")
    return name


def _suffix(session: Session) -> str:
    """Letters that hardly anything else has in its name."""
    drawn = session.system.random(_SUFFIX_LENGTH)
    return "".join(_LETTERS[number % len(_LETTERS)] for number in drawn)


def custom_profile(session: Session) -> Object:
    """What --custom adds to the container. Raises KubectlError."""
    path = session.flags.text("custom")
    if not path:
        return {}
    try:
        text = session.read_file(path)
    except KubectlError as error:
        raise KubectlError(
            f"must pass a container spec json file for custom profile: {error.message}"
        ) from None
    try:
        value: Any = load_value(text)[0]
    except ManifestError as error:
        raise KubectlError(
            f"{path} does not contain a valid container spec: {error.upstream_text()}"
        ) from None
    if not isinstance(value, dict):
        raise KubectlError(f"{path} does not contain a valid container spec: not a map")
    if any(value.get(field) for field in _FIXED):
        raise KubectlError(
            "name, command, image, lifecycle and volume devices are not modifiable via custom "
            "profile"
        )
    return value


def _customised(session: Session, container: Object) -> Object:
    custom = custom_profile(session)
    if not custom:
        return container
    pod = published_shape("", "v1", "Pod")
    try:
        for field in ("spec", "containers"):
            pod = pod.field(field) or pod
        return strategic_merge(container, custom, pod.item())
    except StrategicPatchError as error:
        raise KubectlError(
            f"error creating three way patch to add debug container: {error}"
        ) from None


def _warn(session: Session, container: Object, pod: Object) -> None:
    """Capabilities are of little use to somebody who is not root."""
    user = (pod["spec"].get("securityContext") or {}).get("runAsUser")
    context = container.get("securityContext") or {}
    if not user or context.get("runAsUser") == 0:
        return
    if context.get("privileged") or (context.get("capabilities") or {}).get("add"):
        session.err(_WARNING)
