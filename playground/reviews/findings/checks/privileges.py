"""What a container may do beyond its own files: privileged, root, more privileges, /proc."""

from __future__ import annotations

from collections.abc import Iterator

from playground.reviews.findings.subjects import Container, Pod, Spot
from playground.reviews.findings.values import at, entries, mapping, number


def privileged(container: Container) -> Iterator[Spot]:
    if container.security.get("privileged") is True:
        yield container.spot("securityContext", "privileged")


def escalation(container: Container) -> Iterator[Spot]:
    if container.security.get("allowPrivilegeEscalation") is True:
        yield container.spot("securityContext", "allowPrivilegeEscalation")


def unmasked_proc(container: Container) -> Iterator[Spot]:
    if container.security.get("procMount") == "Unmasked":
        yield container.spot("securityContext", "procMount")


def writable_root(container: Container) -> Iterator[Spot]:
    if container.security.get("readOnlyRootFilesystem") is not True:
        yield container.spot("securityContext")


def root_user(pod: Pod) -> Iterator[Spot]:
    for path, context, who in pod.contexts():
        if number(context, "runAsUser") == 0:
            yield pod.spot(*path, "runAsUser", who=who, how="runAsUser is 0")
        elif context.get("runAsNonRoot") is False:
            yield pod.spot(*path, "runAsNonRoot", who=who, how="runAsNonRoot is false")


def root_group(pod: Pod) -> Iterator[Spot]:
    for path, context, who in pod.contexts():
        for field in ("runAsGroup", "fsGroup"):
            if number(context, field) == 0:
                yield pod.spot(*path, field, who=who, how=f"{field} is 0")
        groups = context.get("supplementalGroups")
        if isinstance(groups, list) and 0 in groups:
            where = (*path, "supplementalGroups", groups.index(0))
            yield pod.spot(*where, who=who, how="supplementalGroups holds 0")


def windows_host_process(pod: Pod) -> Iterator[Spot]:
    for path, context, who in pod.contexts():
        if at(context, "windowsOptions", "hostProcess") is True:
            yield pod.spot(*path, "windowsOptions", "hostProcess", who=who)


def not_restricted(pod: Pod) -> Iterator[Spot]:
    """One finding for all that is missing: a reader wants the list, not ten lines."""
    if at(pod.spec, "os", "name") == "windows":
        return
    missing = list(dict.fromkeys(_missing(pod)))
    if missing:
        yield pod.spot("securityContext", missing=", ".join(missing))


def _missing(pod: Pod) -> Iterator[str]:
    own = mapping(pod.spec, "securityContext")
    lists = [one for one in pod.containers if one.role != "debug"]
    if not all(_drops_all(one) for one in lists):
        yield "capabilities.drop with ALL"
    if any(one.security.get("allowPrivilegeEscalation") is not False for one in lists):
        yield "allowPrivilegeEscalation: false"
    for field in ("runAsNonRoot", "seccompProfile"):
        shared = own.get(field)
        if not all(_is_set(one.security.get(field, shared)) for one in lists):
            yield f"{field}: true" if field == "runAsNonRoot" else "seccompProfile.type"


def _drops_all(container: Container) -> bool:
    dropped = at(container.security, "capabilities", "drop")
    return isinstance(dropped, list) and "ALL" in dropped


def _is_set(value: object) -> bool:
    return value is True or at(value, "type") in ("RuntimeDefault", "Localhost")


def token_mounted(pod: Pod) -> Iterator[Spot]:
    names = pod.spec.get("serviceAccountName") or pod.spec.get("serviceAccount")
    if pod.spec.get("automountServiceAccountToken") is None and names in (None, "", "default"):
        yield pod.spot()


def placed_by_hand(pod: Pod) -> Iterator[Spot]:
    node = pod.spec.get("nodeName")
    if isinstance(node, str) and node and pod.owner.document.kind != "DaemonSet":
        yield pod.spot("nodeName", node=node)


def tolerates_everything(pod: Pod) -> Iterator[Spot]:
    if pod.owner.document.kind == "DaemonSet":
        return
    for index, toleration in entries(pod.spec, "tolerations"):
        is_every = not toleration.get("key") and not toleration.get("effect")
        if is_every and toleration.get("operator") == "Exists":
            yield pod.spot("tolerations", index)
