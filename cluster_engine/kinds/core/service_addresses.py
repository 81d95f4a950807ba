"""The cluster addresses of a Service and their families.

Models: ValidateServiceClusterIPsRelatedFields, validateUpgradeDowngradeClusterIPs,
validateUpgradeDowngradeIPFamilies in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import is_legacy_ip, parse_ip

FAMILIES = ("IPv4", "IPv6")
FAMILY_POLICIES = ("PreferDualStack", "RequireDualStack", "SingleStack")
_IPS, _FAMILIES, _POLICY = "spec.clusterIPs", "spec.ipFamilies", "spec.ipFamilyPolicy"
_FIXED = "may not change once set"


def is_headless(spec: Object) -> bool:
    """Whether it has no address of its own on purpose."""
    return spec.get("clusterIPs") == ["None"]


def check_addresses(problems: list[FieldError], spec: Object, before: Object | None) -> None:
    """Addresses, families and policy fit each other."""
    if spec.get("type") == "ExternalName":
        return
    ips, families = spec.get("clusterIPs") or [], spec.get("ipFamilies") or []
    _check_first(problems, spec.get("clusterIP", ""), ips)
    for position, family in enumerate(families):
        at = f"{_FAMILIES}[{position}]"
        if family not in FAMILIES:
            problems.append(not_supported(at, family, FAMILIES))
        if family in families[:position]:
            problems.append(duplicate(at, family))
    policy = spec.get("ipFamilyPolicy")
    if policy is not None and policy not in FAMILY_POLICIES:
        problems.append(not_supported(_POLICY, policy, FAMILY_POLICIES))
    if not _check_ips(problems, ips, (before or {}).get("clusterIPs") or []):
        return
    versions = [_version(ip) for ip in ips]
    if len(ips) > 1 and len(set(versions)) != len(ips):
        text = "may specify no more than one IP for each IP family"
        problems.append(invalid_value(_IPS, ips, text))
    if is_headless(spec):
        return
    for position, (ip, version, family) in enumerate(zip(ips, versions, families, strict=False)):
        if family in FAMILIES and family != f"IPv{version}":
            text = f"expected an {family} value as indicated by `ipFamilies[{position}]`"
            problems.append(invalid_value(f"{_IPS}[{position}]", ip, text))


def _check_first(problems: list[FieldError], first: str, ips: list[str]) -> None:
    if not first:
        if ips:
            text = "must be empty when `clusterIP` is not specified"
            problems.append(invalid_value(_IPS, ips, text))
    elif not ips:
        problems.append(required(_IPS))
    elif ips[0] != first:
        problems.append(invalid_value(_IPS, ips, "first value must match `clusterIP`"))


def _check_ips(problems: list[FieldError], ips: list[str], before: list[str]) -> bool:
    """Whether every address is one."""
    are_good = True
    for position, ip in enumerate(ips):
        if position == 0 and ip == "None":
            if len(ips) > 1:
                are_good = False
                text = "'None' must be the first and only value"
                problems.append(invalid_value(_IPS, ips, text))
            continue
        found = is_legacy_ip(f"{_IPS}[{position}]", ip, before)
        are_good = are_good and not found
        problems.extend(found)
    if len(ips) > 2:
        problems.append(invalid_value(_IPS, ips, "may only hold up to 2 values"))
    return are_good


def _version(ip: str) -> int:
    address = parse_ip(ip)
    return 4 if address is None else address.version


def check_address_changes(problems: list[FieldError], spec: Object, before: Object) -> None:
    """The first address and family stay; a second one may come and go."""
    if "ExternalName" in (spec.get("type"), before.get("type")):
        return
    if not (is_headless(spec) and is_headless(before)):
        _check_ip_changes(problems, spec, before)
    if not is_headless(spec) and not is_headless(before):
        _check_family_changes(problems, spec, before)


def _check_ip_changes(problems: list[FieldError], spec: Object, before: Object) -> None:
    new, old = spec.get("clusterIPs") or [], before.get("clusterIPs") or []
    if len(new) == len(old):
        problems.extend(
            invalid_value(f"{_IPS}[{position}]", new, _FIXED)
            for position, ip in enumerate(old)
            if ip != new[position]
        )
        return
    if len(old) > len(new) and not new:
        problems.append(invalid_value(f"{_IPS}[0]", new, "primary clusterIP can not be unset"))
    if new and old and new[0] != old[0]:
        problems.append(invalid_value(f"{_IPS}[0]", new, _FIXED))
    if len(old) > len(new) == 1:
        _check_released(problems, spec, "clusterIP")


def _check_family_changes(problems: list[FieldError], spec: Object, before: Object) -> None:
    new, old = spec.get("ipFamilies") or [], before.get("ipFamilies") or []
    ips = spec.get("clusterIPs") or []
    if len(new) == len(old):
        problems.extend(
            invalid_value(f"{_FAMILIES}[0]", new, _FIXED)
            for position, family in enumerate(old)
            if family != new[position]
        )
        return
    if len(old) > len(new) and not ips:
        problems.append(invalid_value(f"{_FAMILIES}[0]", new, "primary ipFamily can not be unset"))
    if new and old and new[0] != old[0]:
        problems.append(invalid_value(f"{_FAMILIES}[0]", ips, _FIXED))
    if len(old) > len(new) == 1:
        _check_released(problems, spec, "ipFamily")


def _check_released(problems: list[FieldError], spec: Object, what: str) -> None:
    policy = spec.get("ipFamilyPolicy")
    if policy != "SingleStack":
        text = f"must be set to 'SingleStack' when releasing the secondary {what}"
        problems.append(invalid_value(_POLICY, policy, text))
