"""What the status of a claim may say: its devices, and who has them.

Models: validateResourceClaimStatusUpdate in k8s.io/kubernetes/pkg/apis/resource/validation
(v1.37.2).
"""

from __future__ import annotations

from functools import partial

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
    too_long,
    too_many,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import parse_cidr
from cluster_engine.kinds.checks import (
    Problems,
    conditions,
    declared,
    dns_label,
    label_name,
)
from cluster_engine.kinds.core.pod.affinity import check_node_selector
from cluster_engine.kinds.resource.claim_validation import (
    CONFIGS_MAX,
    RequestNames,
    check_configuration,
    check_raw,
    check_request_name,
    check_request_names,
    names_of_requests,
)
from cluster_engine.kinds.resource.lists import check_items, check_names, check_unique
from cluster_engine.kinds.resource.names import (
    declared_driver_name,
    declared_pool_name,
    driver_name,
    pool_name,
    uuid,
)
from cluster_engine.kinds.resource.taints import check_toleration

_CONSUMERS_MAX = 256
_RESULTS_MAX = 32
_BINDING_CONDITIONS_MAX = 4
_CONDITIONS_MAX = 8
_DATA_LENGTH_MAX = 10 * 1024
_INTERFACE_LENGTH_MAX = 256
_HARDWARE_LENGTH_MAX = 128
_ADDRESSES_MAX = 16
_SOURCES = ("FromClaim", "FromClass")
_DEVICE_KEYS = ("driver", "pool", "device", "shareID")


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change of the status."""
    problems = Problems()
    status, before = new.get("status") or {}, old.get("status") or {}
    allocation = status.get("allocation")
    _check_consumers(problems, new, status, before)
    _check_devices(problems, status.get("devices"), allocation)
    if allocation is None:
        return problems.all()
    if before.get("allocation") is None:
        names = names_of_requests((new.get("spec") or {}).get("devices") or {})
        _check_allocation(problems, "status.allocation", allocation, names)
    elif before["allocation"] != allocation:
        text = "field cannot be modified once set"
        problems.declared.append(invalid_value("status.allocation", None, text))
    return problems.all()


def check_binding(problems: list[FieldError], path: str, device: Object) -> None:
    """The conditions that binding a pod waits for, and those that end it."""
    wanted, failing = (
        device.get(field) or [] for field in ("bindingConditions", "bindingFailureConditions")
    )
    for field, names in (("bindingConditions", wanted), ("bindingFailureConditions", failing)):
        check_items(problems, f"{path}.{field}", names, _BINDING_CONDITIONS_MAX, label_name)
    check_unique(problems, f"{path}.bindingConditions", wanted)
    seen = set()
    for position, name in enumerate(failing):
        at = f"{path}.bindingFailureConditions[{position}]"
        if name in seen:
            problems.append(duplicate(at, name))
        seen.add(name)
        if name in wanted:
            text = "bindingFailureConditions must not overlap with bindingConditions"
            problems.append(invalid_value(at, name, text))
    if failing and not wanted:
        text = "bindingConditions are required to use bindingFailureConditions"
        problems.append(invalid_value(f"{path}.bindingConditions", None, text))
    if wanted and not failing:
        text = "bindingFailureConditions are required to use bindingConditions"
        problems.append(invalid_value(f"{path}.bindingFailureConditions", None, text))


def _check_consumers(problems: Problems, new: Object, status: Object, before: Object) -> None:
    path, consumers = "status.reservedFor", status.get("reservedFor") or []
    if check_items(problems, path, consumers, _CONSUMERS_MAX, _check_consumer):
        type_ = "resource.v1.ResourceClaimConsumerReference"
        check_unique(problems.declared, path, consumers, ("uid",), type_)
    if not consumers:
        return
    if status.get("allocation") is None:
        text = "may not be specified when `allocated` is not set"
        problems.append(forbidden_field(path, text))
    elif new["metadata"].get("deletionTimestamp"):
        known = before.get("reservedFor") or []
        if any(one not in known for one in consumers):
            text = (
                "new entries may not be added while `deallocationRequested` or "
                "`deletionTimestamp` are set"
            )
            problems.append(forbidden_field(path, text))


def _check_consumer(problems: list[FieldError], path: str, consumer: Object) -> None:
    for field in ("resource", "name", "uid"):
        if not consumer.get(field):
            problems.append(required(f"{path}.{field}"))


def _check_allocation(
    problems: Problems, path: str, allocation: Object, names: RequestNames
) -> None:
    devices, at = allocation.get("devices") or {}, f"{path}.devices"
    check_result, check_config = (
        partial(check, names=names) for check in (_check_result, _check_config)
    )
    check_items(problems, f"{at}.results", devices.get("results"), _RESULTS_MAX, check_result)
    check_items(problems, f"{at}.config", devices.get("config"), 2 * CONFIGS_MAX, check_config)
    if allocation.get("nodeSelector") is not None:
        check_node_selector(problems, f"{path}.nodeSelector", allocation["nodeSelector"])


def _check_result(
    problems: list[FieldError], path: str, result: Object, names: RequestNames
) -> None:
    check_request_name(problems, f"{path}.request", result.get("request", ""), names)
    declared_driver_name(problems, f"{path}.driver", result.get("driver", ""))
    declared_pool_name(problems, f"{path}.pool", result.get("pool", ""))
    dns_label(problems, f"{path}.device", result.get("device", ""))
    check_binding(problems, path, result)
    for position, toleration in enumerate(result.get("tolerations") or ()):
        check_toleration(problems, f"{path}.tolerations[{position}]", toleration)
    if result.get("shareID") is not None:
        uuid(problems, f"{path}.shareID", result["shareID"])


def _check_config(
    problems: list[FieldError], path: str, config: Object, names: RequestNames
) -> None:
    source = config.get("source", "")
    if not source:
        declared(problems).append(required(f"{path}.source"))
    elif source not in _SOURCES:
        declared(problems).append(not_supported(f"{path}.source", source, _SOURCES))
    check_request_names(problems, f"{path}.requests", config.get("requests"), names)
    check_configuration(problems, path, config)


def identity(device: Object) -> Object:
    """What tells an allocated device, or a share of one, from all others."""
    return {key: device.get(key) for key in _DEVICE_KEYS}


def results_of(status: Object) -> list[Object]:
    """The devices that a claim has been given."""
    return ((status.get("allocation") or {}).get("devices") or {}).get("results") or []


def _shown_identity(device: Object) -> Object:
    """What tells an allocated device, or a share of one, from all others."""
    """The internal identity of a device as upstream prints it."""
    return {f"{key[0].upper()}{key[1:]}": device.get(key) or "" for key in _DEVICE_KEYS}


def _check_devices(
    problems: Problems, devices: list[Object] | None, allocation: Object | None
) -> None:
    allocated = [identity(result) for result in results_of({"allocation": allocation})]
    for position, device in enumerate(devices or ()):
        path = f"status.devices[{position}]"
        driver_name(problems, f"{path}.driver", device.get("driver", ""))
        pool_name(problems, f"{path}.pool", device.get("pool", ""))
        dns_label(problems, f"{path}.device", device.get("device", ""))
        if device.get("shareID") is not None:
            uuid(problems, f"{path}.shareID", device["shareID"])
        if identity(device) not in allocated:
            text = "must be an allocated device in the claim"
            problems.append(invalid_value(path, _shown_identity(device), text))
        _check_report(problems, path, device)
    type_ = "resource.v1.AllocatedDeviceStatus"
    check_unique(problems.declared, "status.devices", devices, _DEVICE_KEYS, type_)


def _check_report(problems: Problems, path: str, device: Object) -> None:
    held = device.get("conditions") or ()
    if len(held) > _CONDITIONS_MAX:
        problems.append(too_many(f"{path}.conditions", len(held), _CONDITIONS_MAX))
    conditions(problems, f"{path}.conditions", held)
    if device.get("data") is not None:
        check_raw(problems, f"{path}.data", device["data"], _DATA_LENGTH_MAX)
    network: Object = device.get("networkData") or {}
    at = f"{path}.networkData"
    for field, limit in (
        ("interfaceName", _INTERFACE_LENGTH_MAX),
        ("hardwareAddress", _HARDWARE_LENGTH_MAX),
    ):
        if len(network.get(field, "").encode()) > limit:
            problems.declared.append(too_long(f"{at}.{field}", limit))
    check_names(problems, f"{at}.ips", network.get("ips"), _ADDRESSES_MAX, _check_address)


def _check_address(problems: list[FieldError], path: str, text: str) -> None:
    parsed = parse_cidr(text)
    if parsed is None:
        wanted = "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)"
        problems.append(invalid_value(path, text, wanted))
        return
    canonical = f"{parsed[0]}/{parsed[1].prefixlen}"
    if text != canonical:
        problems.append(invalid_value(path, text, f'must be in canonical form ("{canonical}")'))
