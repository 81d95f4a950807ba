"""What a pod or its template is warned about.

Models: k8s.io/kubernetes/pkg/api/pod/warnings.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cluster_engine.apimachinery.names import is_dns1123_label
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import milli_value
from cluster_engine.kinds.addresses import address_warnings
from cluster_engine.kinds.core.node_labels import DEPRECATED_LABELS, term_warnings
from cluster_engine.kinds.core.pod.annotations import APP_ARMOR, app_armor_of
from cluster_engine.kinds.core.pod.paths_overlap import overlap_warnings
from cluster_engine.kinds.core.pod.visiting import containers_with_path

_NOTHING: Object = {}
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
_SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
_USE_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead'
_USE_SYSCTLS = 'non-functional in v1.11+; use the "sysctls" field instead'
_ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": (
        'non-functional in v1.16+; use the "priorityClassName" field instead'
    ),
    "security.alpha.kubernetes.io/sysctls": _USE_SYSCTLS,
    "security.alpha.kubernetes.io/unsafe-sysctls": _USE_SYSCTLS,
}
_VOLUMES = {
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "gitRepo": "deprecated in v1.11, and disabled by default in v1.33+",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "flocker": "deprecated in v1.22, non-functional in v1.25+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "quobyte": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "ephemeral": "",
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
}
#: Where the field is spelled differently than the path that upstream prints.
_SHOWN = {"storageos": "storageOS"}
_WHOLE = ("memory", "ephemeral-storage")


def warn(new: Object, old: Object | None) -> list[str]:
    """Of a new pod; updates are frequent and seldom made by people."""
    if old is not None:
        return []
    warnings = []
    messages = is_dns1123_label(new["metadata"].get("name", ""))
    if messages:
        warnings.append(
            "metadata.name: this is used in the Pod's hostname, which can result in surprising "
            f"behavior; a DNS label is recommended: [{' '.join(messages)}]"
        )
    spec = new.get("spec") or _NOTHING
    return warnings + warnings_of("", spec, new["metadata"], is_template=False)


def warnings_of(path: str, spec: Object, metadata: Object, *, is_template: bool) -> list[str]:
    """Everything, in upstream's order; `path` ends with a dot or is empty."""
    annotations = metadata.get("annotations") or _NOTHING
    found = list(_scheduling(f"{path}spec", spec))
    for name, text in _ANNOTATIONS.items():
        if name in annotations:
            found.append(f"{path}metadata.annotations[{name}]: {text}")
    if spec.get("volumes"):
        found.extend(_volumes(f"{path}spec.volumes", spec["volumes"]))
        found.extend(overlap_warnings(spec["volumes"]))
    found.extend(_repeated(f"{path}spec.hostAliases", "ip", spec.get("hostAliases")))
    secrets = spec.get("imagePullSecrets") or ()
    found.extend(_repeated(f"{path}spec.imagePullSecrets", "name", secrets))
    for position, secret in enumerate(secrets):
        if not secret.get("name"):
            at = f"{path}spec.imagePullSecrets[{position}].name"
            found.append(f'{at}: invalid empty name ""')
    if spec.get("overhead"):
        found.extend(fractions(f"{path}spec.overhead", spec["overhead"], _WHOLE))
    if annotations:
        found.extend(_profiles(path, spec, annotations, is_template))
    for at, container in containers_with_path(spec, f"{path}spec"):
        found.extend(_container(at, container))
    found.extend(_ports(f"{path}spec", spec))
    grace_seconds = spec.get("terminationGracePeriodSeconds")
    if grace_seconds is not None and grace_seconds < 0:
        found.append(
            f"{path}spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid "
            "and will be treated as 1"
        )
    found.extend(_affinity_and_addresses(f"{path}spec", spec))
    return found


def _scheduling(path: str, spec: Object) -> Iterator[str]:
    for label in spec.get("nodeSelector") or ():
        if label in DEPRECATED_LABELS:
            yield f"{path}.nodeSelector[{label}]: {DEPRECATED_LABELS[label]}"
    affinity = (spec.get("affinity") or _NOTHING).get("nodeAffinity") or _NOTHING
    terms = (affinity.get(_REQUIRED) or _NOTHING).get("nodeSelectorTerms") or ()
    for position, term in enumerate(terms):
        at = f"{path}.affinity.nodeAffinity.{_REQUIRED}.nodeSelectorTerms[{position}]"
        yield from term_warnings(at, term)
    for position, preferred in enumerate(affinity.get(_PREFERRED) or ()):
        at = f"{path}.affinity.nodeAffinity.{_PREFERRED}[{position}].preference"
        yield from term_warnings(at, preferred.get("preference") or _NOTHING, with_values=True)
    for position, constraint in enumerate(spec.get("topologySpreadConstraints") or ()):
        at, key = f"{path}.topologySpreadConstraints[{position}]", constraint.get("topologyKey", "")
        if key in DEPRECATED_LABELS:
            yield f"{at}.topologyKey: {key} is {DEPRECATED_LABELS[key]}"
        if constraint.get("labelSelector") is None:
            yield f"{at}.labelSelector: a null labelSelector results in matching no pod"


def _volumes(path: str, volumes: list[Object]) -> Iterator[str]:
    for position, volume in enumerate(volumes):
        for source, text in _VOLUMES.items():
            if volume.get(source) is None:
                continue
            if text:
                yield f"{path}[{position}].{_SHOWN.get(source, source)}: {text}"
            elif volume[source].get("volumeClaimTemplate"):
                at = f"{path}[{position}].ephemeral.volumeClaimTemplate.spec"
                claim = volume[source]["volumeClaimTemplate"].get("spec") or _NOTHING
                yield from claim_spec_warnings(at, claim)


def claim_spec_warnings(path: str, spec: Object) -> list[str]:
    """Of a claim: fractions of bytes."""
    resources = spec.get("resources") or _NOTHING
    return [
        text
        for field in ("requests", "limits")
        for text in fractions(f"{path}.resources.{field}", resources.get(field), ("storage",))
    ]


def fractions(path: str, amounts: Object | None, names: Iterable[str]) -> Iterator[str]:
    """Amounts that should be whole."""
    for name in names:
        written = (amounts or _NOTHING).get(name)
        if written is not None and milli_value(written) % 1000:
            text = f'fractional byte value "{written}" is invalid, must be an integer'
            yield f"{path}[{name}]: {text}"


def _repeated(path: str, field: str, items: Iterable[Object] | None) -> Iterator[str]:
    seen = set()
    for position, item in enumerate(items or ()):
        value = item.get(field, "")
        if value in seen:
            yield f'{path}[{position}].{field}: duplicate {field} "{value}"'
        seen.add(value)


def _profiles(path: str, spec: Object, annotations: Object, is_template: bool) -> Iterator[str]:
    context = spec.get("securityContext") or _NOTHING
    if context.get("seccompProfile") is None and _SECCOMP_POD in annotations:
        yield f"{path}metadata.annotations[{_SECCOMP_POD}]: {_USE_SECCOMP}"
    for _, container in containers_with_path(spec, ""):
        own, name = container.get("securityContext") or _NOTHING, container.get("name", "")
        annotation = f"{_SECCOMP_CONTAINER}{name}"
        if own.get("seccompProfile") is None and annotation in annotations:
            yield f"{path}metadata.annotations[{annotation}]: {_USE_SECCOMP}"
        annotation = f"{APP_ARMOR}{name}"
        if is_template and own.get("appArmorProfile") is None and annotation in annotations:
            profile = context.get("appArmorProfile")
            if profile is None or profile != app_armor_of(annotations[annotation]):
                yield (
                    f"{path}metadata.annotations[{annotation}]: deprecated since v1.30; use the "
                    '"appArmorProfile" field instead'
                )


def _container(path: str, container: Object) -> Iterator[str]:
    resources = container.get("resources")
    if resources:
        for name in _WHOLE:
            for field in ("limits", "requests"):
                at = f"{path}.resources.{field}"
                yield from fractions(at, resources.get(field), (name,))
    seen = set()
    for position, variable in enumerate(container.get("env") or ()):
        name, value = variable.get("name", ""), variable.get("value", "")
        if name not in seen:
            seen.add(name)
            continue
        itself = f"$({name})"
        if variable.get("valueFrom") is not None or value == itself or itself not in value:
            yield (
                f'{path}.env[{position}]: hides previous definition of "{name}", which may be '
                "dropped when using apply"
            )


def _ports(path: str, spec: Object) -> list[str]:
    warnings: list[str] = []
    seen: dict[tuple[int, str], list[tuple[str, Object]]] = {}
    names: dict[str, str] = {}
    doubled: list[str] = []
    for at, container in containers_with_path(spec, path):
        for position, port in enumerate(container.get("ports") or ()):
            place, name = f"{at}.ports[{position}]", port.get("name")
            if port.get("hostIP") and not port.get("hostPort"):
                warnings.append(f"{place}: hostIP set without hostPort: {_port_text(port)}")
            same = seen.setdefault((port.get("containerPort", 0), port.get("protocol", "")), [])
            for other_place, other in same:
                kind = _conflict(port, other)
                if kind:
                    warnings.append(f"{place}: {kind} port definition with {other_place}")
            same.append((place, port))
            if name and name in names:
                doubled.append(
                    f'{place}: duplicate port name "{name}" with {names[name]}, services and '
                    f"probes that select ports by name will use {names[name]}"
                )
            elif name:
                names[name] = place
    return warnings + doubled


def _conflict(port: Object, other: Object) -> str:
    host_ip, host_port = port.get("hostIP", ""), port.get("hostPort", 0)
    other_ip, other_port = other.get("hostIP", ""), other.get("hostPort", 0)
    if host_ip == other_ip and host_port == other_port:
        return "duplicate"
    if not host_port or not other_port:
        return "overlapping"
    if host_port == other_port and bool(host_ip) != bool(other_ip):
        return "dangerously ambiguous"
    return ""


def _port_text(port: Object) -> str:
    return (
        f"{{Name:{port.get('name', '')} HostPort:{port.get('hostPort', 0)} "
        f"ContainerPort:{port.get('containerPort', 0)} Protocol:{port.get('protocol', '')} "
        f"HostIP:{port.get('hostIP', '')}}}"
    )


def _affinity_and_addresses(path: str, spec: Object) -> Iterator[str]:
    affinity, null = spec.get("affinity") or _NOTHING, "results in matching no pod"
    for kind in ("podAffinity", "podAntiAffinity"):
        one = affinity.get(kind) or _NOTHING
        for position, term in enumerate(one.get(_REQUIRED) or ()):
            if term.get("labelSelector") is None:
                at = f"{path}.affinity.{kind}.{_REQUIRED}[{position}]"
                yield f"{at}.labelSelector: a null labelSelector {null}"
        for position, weighted in enumerate(one.get(_PREFERRED) or ()):
            if (weighted.get("podAffinityTerm") or _NOTHING).get("labelSelector") is None:
                at = f"{path}.affinity.{kind}.{_PREFERRED}[{position}].podAffinityTerm"
                yield f"{at}.labelSelector: a null labelSelector {null}"
    for position, text in enumerate((spec.get("dnsConfig") or _NOTHING).get("nameservers") or ()):
        yield from address_warnings(f"{path}.dnsConfig.nameservers[{position}]", text)
    for position, alias in enumerate(spec.get("hostAliases") or ()):
        yield from address_warnings(f"{path}.hostAliases[{position}].ip", alias.get("ip", ""))
