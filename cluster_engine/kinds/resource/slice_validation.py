"""What a slice may say about the devices of a node.

Models: validateResourceSliceSpec and what it calls in
k8s.io/kubernetes/pkg/apis/resource/validation (v1.37.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    required,
    too_long,
    too_many,
)
from cluster_engine.apimachinery.names import is_dns1123_label, is_dns1123_subdomain
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import (
    NOT_POSITIVE,
    Problems,
    declared,
    dns_label,
    unchanged,
    wrong,
)
from cluster_engine.kinds.core.pod.affinity import check_node_selector
from cluster_engine.kinds.internal import internal_list
from cluster_engine.kinds.resource.capacity import check_request_policy
from cluster_engine.kinds.resource.claim_status_validation import check_binding
from cluster_engine.kinds.resource.lists import check_items, check_unique
from cluster_engine.kinds.resource.names import (
    driver_name,
    label_or_missing,
    pool_name,
    qualified_name,
    shown_key,
)
from cluster_engine.kinds.resource.taints import check_taint

_DEVICES_MAX = 128
_ADVANCED_DEVICES_MAX = 64
_COUNTER_SETS_MAX = 8
_COUNTERS_MAX = 32
_CONSUMPTIONS_MAX = 2
_ATTRIBUTES_MAX = 32
_VALUES_MAX = 48
_TAINTS_MAX = 16
_VALUE_LENGTH_MAX = 64
_VALUE_FIELDS = ("int", "bool", "string", "version")
_VALUE_FIELDS_SHOWN = "`int`, `bool`, `string`, `version`, `ints`, `bools`, `strings`, `versions`"
_UNSET_OR_TRUE = "must be either unset or set to true"
_ONE_PLACE = (
    "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required"
)
_ONE_PLACE_OF_DEVICE = (
    "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when "
    "`perDeviceNodeSelection` is set to true in the ResourceSlice spec"
)
_NO_PLACE_OF_DEVICE = (
    "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set "
    "to true in the ResourceSlice spec"
)
_NUMBER = "(0|[1-9][0-9]*)"
_PRE_RELEASE = "(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)"
_BUILD = "[0-9a-zA-Z-]+"
_VERSION = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-{_PRE_RELEASE}(\.{_PRE_RELEASE})*)?"
    rf"(\+{_BUILD}(\.{_BUILD})*)?"
)


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new slice."""
    problems = Problems()
    _check_spec(problems, "spec", obj.get("spec") or {}, None)
    return problems.all()


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change; a slice stays with its driver, pool and node."""
    problems = Problems()
    _check_spec(problems, "spec", new.get("spec") or {}, old.get("spec") or {})
    return problems.all()


def _check_spec(problems: Problems, path: str, spec: Object, old: Object | None) -> None:
    driver_name(problems, f"{path}.driver", spec.get("driver", ""))
    pool = spec.get("pool") or {}
    _check_pool(problems, f"{path}.pool", pool)
    if old is not None:
        before = (old.get("pool") or {}).get("name", "")
        unchanged(problems, f"{path}.pool.name", pool.get("name", ""), before)
        unchanged(problems, f"{path}.driver", spec.get("driver", ""), old.get("driver", ""))
        unchanged(problems, f"{path}.nodeName", spec.get("nodeName"), old.get("nodeName"))
    _check_place(problems, path, spec)
    if spec.get("sharedCounters") is not None and spec.get("devices") is not None:
        text = "only one of `sharedCounters` or `devices` is allowed"
        problems.append(invalid_value(path, "", text))
    _check_devices(problems, f"{path}.devices", spec, old)
    counters, at = spec.get("sharedCounters"), f"{path}.sharedCounters"
    if check_items(problems, at, counters, _COUNTER_SETS_MAX, _check_counter_set):
        check_unique(problems.declared, at, counters, ("name",), "resource.v1.CounterSet")


def _check_pool(problems: Problems, path: str, pool: Object) -> None:
    pool_name(problems, f"{path}.name", pool.get("name", ""))
    count, generation = pool.get("resourceSliceCount", 0), pool.get("generation", 0)
    if count <= 0:
        problems.append(invalid_value(f"{path}.resourceSliceCount", count, NOT_POSITIVE))
    if generation < 0:
        text = "must be greater than or equal to zero"
        problems.append(invalid_value(f"{path}.generation", generation, text))


def _check_place(problems: Problems, path: str, spec: Object) -> None:
    """Where the devices are: on one node, some, all, or each its own."""
    given = []
    if spec.get("nodeName") is not None:
        given += _check_node_name(
            problems, path, spec["nodeName"], "must be either unset or set to a non-empty string"
        )
    selector = spec.get("nodeSelector")
    if selector is not None:
        given.append("`nodeSelector`")
        check_node_selector(problems, f"{path}.nodeSelector", selector)
        terms = selector.get("nodeSelectorTerms")
        if len(terms or ()) != 1:
            text = "must have exactly one node selector term"
            shown = internal_list("core", "NodeSelectorTerm", terms)
            problems.append(invalid_value(f"{path}.nodeSelector.nodeSelectorTerms", shown, text))
    for field in ("allNodes", "perDeviceNodeSelection"):
        given += _check_true(problems, path, spec, field)
    _check_one(problems, path, given, _ONE_PLACE, f"{_ONE_PLACE}, but multiple fields are set")


def _check_node_name(problems: Problems, path: str, name: str, empty: str) -> list[str]:
    if not name:
        problems.append(invalid_value(f"{path}.nodeName", name, empty))
        return []
    wrong(problems, f"{path}.nodeName", name, is_dns1123_subdomain(name))
    return ["`nodeName`"]


def _check_true(problems: Problems, path: str, held: Object, field: str) -> list[str]:
    if held.get(field) is None:
        return []
    if held[field]:
        return [f"`{field}`"]
    problems.append(invalid_value(f"{path}.{field}", False, _UNSET_OR_TRUE))
    return []


def _check_one(problems: Problems, path: str, given: list[str], none: str, many: str) -> None:
    if not given:
        problems.append(required(path, none))
    elif len(given) > 1:
        problems.append(invalid_value(path, f"{{{', '.join(given)}}}", many))


def _check_devices(problems: Problems, path: str, spec: Object, old: Object | None) -> None:
    devices = spec.get("devices") or []
    is_advanced = any(one.get("taints") or one.get("consumesCounters") for one in devices)
    limit = _ADVANCED_DEVICES_MAX if is_advanced else _DEVICES_MAX
    if len(devices) > limit:
        problems.append(too_many(path, len(devices), limit))
        return
    before = {one.get("name"): one for one in (old or {}).get("devices") or ()}
    has_own_places = spec.get("perDeviceNodeSelection") or False
    for position, device in enumerate(devices):
        held = before.get(device.get("name"))
        _check_device(problems, f"{path}[{position}]", device, held, has_own_places)
    check_unique(problems, path, devices, ("name",))


def _check_device(
    problems: Problems, path: str, device: Object, old: Object | None, has_own_place: bool
) -> None:
    dns_label(problems, f"{path}.name", device.get("name", ""))
    attributes, capacity = device.get("attributes") or {}, device.get("capacity") or {}
    for count, limit, what in (
        (len(attributes) + len(capacity), _ATTRIBUTES_MAX, "attributes and capacities"),
        (len(attributes), _VALUES_MAX, "attribute values"),
    ):
        if count > limit:
            text = f"the total number of {what} must not exceed {limit}"
            problems.append(invalid_value(path, count, text))
    _check_map(problems, f"{path}.attributes", attributes, _check_attribute)
    if old is None or (old.get("capacity") or {}) != capacity:
        is_shared = device.get("allowMultipleAllocations") or False
        check_capacity = partial(_check_capacity, is_shared=is_shared)
        _check_map(problems, f"{path}.capacity", capacity, check_capacity)
    taints = device.get("taints")
    if old is None or old.get("taints") != taints:
        at = f"{path}.taints"
        check_items(problems, at, taints, _TAINTS_MAX, check_taint, is_declared=False)
    consumed, at = device.get("consumesCounters"), f"{path}.consumesCounters"
    if check_items(problems, at, consumed, _CONSUMPTIONS_MAX, _check_consumption):
        type_ = "resource.v1.DeviceCounterConsumption"
        check_unique(problems.declared, at, consumed, ("counterSet",), type_)
    _check_place_of_device(problems, path, device, has_own_place)
    check_binding(problems, path, device)


def _check_place_of_device(problems: Problems, path: str, device: Object, is_wanted: bool) -> None:
    fields = ("nodeName", "nodeSelector", "allNodes")
    if not is_wanted:
        if any(device.get(field) is not None for field in fields):
            problems.append(invalid_value(path, None, _NO_PLACE_OF_DEVICE))
        return
    given = []
    if device.get("nodeName") is not None:
        given += _check_node_name(problems, path, device["nodeName"], "must not be empty")
    if device.get("nodeSelector") is not None:
        given.append("`nodeSelector`")
        check_node_selector(problems, f"{path}.nodeSelector", device["nodeSelector"])
    given += _check_true(problems, path, device, "allNodes")
    _check_one(problems, path, given, _ONE_PLACE_OF_DEVICE, _ONE_PLACE_OF_DEVICE)


def _check_map(
    problems: list[FieldError],
    path: str,
    held: Mapping[str, Any],
    check: Callable[[list[FieldError], str, Any], None],
) -> None:
    for name, item in held.items():
        qualified_name(problems, path, name)
        check(problems, f"{path}[{shown_key(name)}]", item)


def _check_attribute(problems: list[FieldError], path: str, attribute: Object) -> None:
    given = [field for field in _VALUE_FIELDS if attribute.get(field) is not None]
    version = attribute.get("version")
    if version is not None and not _VERSION.fullmatch(version):
        text = "must be a string compatible with semver.org spec 2.0.0"
        problems.append(invalid_value(f"{path}.version", version, text))
    for field in ("string", "version"):
        if len((attribute.get(field) or "").encode()) > _VALUE_LENGTH_MAX:
            problems.append(too_long(f"{path}.{field}", _VALUE_LENGTH_MAX))
    if not given:
        text = f"must specify one of: {_VALUE_FIELDS_SHOWN}"
        declared(problems).append(invalid_value(path, "", text))
    elif len(given) > 1:
        text = f"must specify exactly one of: {_VALUE_FIELDS_SHOWN}"
        declared(problems).append(invalid_value(path, f"{{{', '.join(given)}}}", text))


def _check_capacity(
    problems: list[FieldError], path: str, capacity: Object, is_shared: bool
) -> None:
    policy = capacity.get("requestPolicy")
    if policy is None:
        return
    at = f"{path}.requestPolicy"
    if is_shared:
        check_request_policy(problems, at, capacity.get("value", "0"), policy)
    else:
        problems.append(forbidden_field(at, "allowMultipleAllocations must be true"))


def _check_counter_set(problems: list[FieldError], path: str, held: Object) -> None:
    label_or_missing(problems, f"{path}.name", held.get("name", ""))
    _check_counters(problems, f"{path}.counters", held.get("counters"))


def _check_consumption(problems: list[FieldError], path: str, held: Object) -> None:
    label_or_missing(problems, f"{path}.counterSet", held.get("counterSet", ""))
    _check_counters(problems, f"{path}.counters", held.get("counters"))


def _check_counters(problems: list[FieldError], path: str, counters: Object | None) -> None:
    if not counters:
        declared(problems).append(required(path))
    elif len(counters) > _COUNTERS_MAX:
        problems.append(too_many(path, len(counters), _COUNTERS_MAX))
    else:
        for name in counters:
            wrong(declared(problems), path, name, is_dns1123_label(name))
