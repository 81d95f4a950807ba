"""Problems of a pod's status, as the kubelet and the scheduler write it.

Models: ValidatePodStatusUpdate in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
)
from cluster_engine.apimachinery.names import is_dns1123_subdomain, is_in_range
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import is_legacy_ip, parse_ip
from cluster_engine.kinds.checks import qualified_name, unchanged, wrong
from cluster_engine.kinds.core.pod.annotations import check_annotation_changes
from cluster_engine.kinds.internal import internal_list

_NOTHING: Object = {}
_KNOWN_CONDITIONS = ("PodScheduled", "Ready", "Initialized")
_RESTART_ALL = "RestartAllContainers"
_UINT32_MAX = 2**32 - 1
_INT32_MAX = 2**31 - 1
_NOT_BACK = "may not be transitioned to non-terminated state"


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Problems of a new status."""
    problems: list[FieldError] = []
    status, before = new.get("status") or _NOTHING, old.get("status") or _NOTHING
    spec = old.get("spec") or _NOTHING
    annotations = new["metadata"].get("annotations") or _NOTHING
    held = old["metadata"].get("annotations") or _NOTHING
    if annotations is not held:
        check_annotation_changes(problems, "metadata.annotations", annotations, held)
    for position, condition in enumerate(status.get("conditions") or ()):
        _check_condition(problems, f"status.conditions[{position}]", condition)
    _check_nomination(problems, status, before, spec)
    if status.get("observedGeneration", 0) < 0:
        text = "must be a non-negative integer"
        problems.append(
            invalid_value("status.observedGeneration", status["observedGeneration"], text)
        )
    unchanged(
        problems, "status.qosClass", status.get("qosClass") or "", before.get("qosClass") or ""
    )
    _check_states(problems, status, before, spec)
    if status.get("resourceClaimStatuses"):
        _check_claims(problems, status["resourceClaimStatuses"], spec)
    _check_addresses(problems, status, before)
    for name in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
        for position, one in enumerate(status.get(name) or ()):
            if one.get("user") is not None:
                _check_user(problems, f"status.{name}[{position}].user.linux", one["user"], spec)
    return problems


def _check_condition(problems: list[FieldError], path: str, condition: Object) -> None:
    if condition.get("observedGeneration", 0) < 0:
        value = condition["observedGeneration"]
        text = "must be a non-negative integer"
        problems.append(invalid_value(f"{path}.observedGeneration", value, text))
    if condition.get("type") not in _KNOWN_CONDITIONS:
        qualified_name(problems, f"{path}.Type", condition.get("type", ""))


def _check_nomination(
    problems: list[FieldError], status: Object, before: Object, spec: Object
) -> None:
    nominated = status.get("nominatedNodeName")
    if not nominated or nominated == before.get("nominatedNodeName"):
        return
    path = "status.nominatedNodeName"
    wrong(problems, path, nominated, is_dns1123_subdomain(nominated))
    if spec.get("nodeName"):
        text = "may not be set on pods that are already bound to a node"
        problems.append(forbidden_field(path, text))


def _check_states(problems: list[FieldError], status: Object, before: Object, spec: Object) -> None:
    """Containers that ended may only run again where they are restarted."""
    if not _may_restart_all(spec):
        for name, containers in (
            ("containerStatuses", "containers"),
            ("initContainerStatuses", "initContainers"),
        ):
            for position in _returned(status.get(name) or (), before.get(name) or ()):
                one = before[name][position]
                if not _is_restarted(one, spec.get(containers) or (), spec):
                    problems.append(forbidden_field(f"status.{name}[{position}].state", _NOT_BACK))
    name = "ephemeralContainerStatuses"
    for position in _returned(status.get(name) or (), before.get(name) or ()):
        problems.append(forbidden_field(f"status.{name}[{position}].state", _NOT_BACK))


def _may_restart_all(spec: Object) -> bool:
    return any(
        rule.get("action") == _RESTART_ALL
        for name in ("initContainers", "containers")
        for container in spec.get(name) or ()
        for rule in container.get("restartPolicyRules") or ()
    )


def _returned(new: Iterable[Object], old: Sequence[Object]) -> list[int]:
    """Which of the old ones had ended and have not now."""
    ended = {
        one.get("name"): position
        for position, one in enumerate(old)
        if (one.get("state") or _NOTHING).get("terminated") is not None
    }
    if not ended:
        return []
    return sorted(
        ended[one.get("name")]
        for one in new
        if one.get("name") in ended and (one.get("state") or _NOTHING).get("terminated") is None
    )


def _is_restarted(ended: Object, containers: Iterable[Object], spec: Object) -> bool:
    code = ended["state"]["terminated"].get("exitCode", 0)
    for container in containers:
        if container.get("name") != ended.get("name"):
            continue
        policy = container.get("restartPolicy")
        if policy is not None and _has_matching_rule(container, code):
            return True
        policy = policy or spec.get("restartPolicy")
        return policy == "Always" or (policy == "OnFailure" and code != 0)
    return False


def _has_matching_rule(container: Object, code: int) -> bool:
    for rule in container.get("restartPolicyRules") or ():
        codes = rule.get("exitCodes")
        if codes is None:
            continue
        is_listed = code in (codes.get("values") or ())
        if is_listed == (codes.get("operator") == "In"):
            return bool(rule.get("action") in ("Restart", _RESTART_ALL))
    return False


def _check_claims(problems: list[FieldError], statuses: Iterable[Object], spec: Object) -> None:
    known = {claim.get("name") for claim in spec.get("resourceClaims") or ()}
    seen = set()
    for position, one in enumerate(statuses):
        at, name = f"status.resourceClaimStatuses[{position}]", one.get("name", "")
        if name not in known:
            text = "must match the name of an entry in `spec.resourceClaims`"
            problems.append(invalid_value(f"{at}.name", name, text))
        if name in seen:
            problems.append(duplicate(f"{at}.name", name))
        seen.add(name)
        claim = one.get("resourceClaimName")
        if claim is not None:
            wrong(problems, f"{at}.resourceClaimName", claim, is_dns1123_subdomain(claim))


def _check_addresses(problems: list[FieldError], status: Object, before: Object) -> None:
    own, hosts = status.get("podIPs") or [], status.get("hostIPs") or []
    path = "status.podIPs"
    if own and own != before.get("podIPs"):
        _check_each(problems, path, own, before.get("podIPs") or (), "PodIP")
    if bool(status.get("podIP")) != bool(own):
        text = "podIP and podIPs must either both be set or both be unset"
        problems.append(invalid_value(path, internal_list("core", "PodIP", own), text))
    elif own and status["podIP"] != own[0].get("ip", ""):
        text = "must be equal to `podIP`"
        problems.append(invalid_value(f"{path}[0].ip", own[0].get("ip", ""), text))
    if hosts:
        path = "status.hostIPs"
        if status.get("hostIP", "") != hosts[0].get("ip", ""):
            text = "must be equal to `hostIP`"
            problems.append(invalid_value(f"{path}[0].ip", hosts[0].get("ip", ""), text))
        if hosts != before.get("hostIPs"):
            _check_each(problems, path, hosts, before.get("hostIPs") or (), "HostIP")


def _check_each(
    problems: list[FieldError],
    path: str,
    addresses: list[Object],
    before: Iterable[Object],
    type_: str,
) -> None:
    accepted = [one.get("ip", "") for one in before]
    versions = set()
    for position, one in enumerate(addresses):
        problems.extend(is_legacy_ip(f"{path}[{position}]", one.get("ip", ""), accepted))
        parsed = parse_ip(one.get("ip", ""))
        versions.add(parsed.version if parsed is not None else 0)
    if len(addresses) > 1 and (len(versions) != 2 or len(addresses) > 2):
        text = "may specify no more than one IP for each IP family"
        problems.append(invalid_value(path, internal_list("core", type_, addresses), text))


def _check_user(problems: list[FieldError], path: str, user: Object, spec: Object) -> None:
    linux = user.get("linux")
    if linux is None:
        return
    if ((spec.get("os") or _NOTHING).get("name") or "linux") == "windows":
        problems.append(forbidden_field(path, "cannot be set for a windows pod"))
        return
    wrong(
        problems,
        f"{path}.uid",
        linux.get("uid", 0),
        is_in_range(linux.get("uid", 0), 0, _UINT32_MAX),
    )
    groups = [(f"{path}.gid", linux.get("gid", 0))]
    groups += [
        (f"{path}.supplementalGroups[{position}]", group)
        for position, group in enumerate(linux.get("supplementalGroups") or ())
    ]
    for at, group in groups:
        wrong(problems, at, group, is_in_range(group, 0, _INT32_MAX))
