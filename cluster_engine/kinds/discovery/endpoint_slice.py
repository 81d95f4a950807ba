"""The EndpointSlice kind.

Models: k8s.io/kubernetes/pkg/apis/discovery/v1/defaults.go, pkg/registry/discovery/endpointslice
(v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import address_warnings
from cluster_engine.kinds.columns import AGE, NAME, age, list_with_more
from cluster_engine.kinds.discovery.endpoint_slice_validation import validate, validate_update
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.preparation import count_generation

COLUMNS = (
    NAME,
    Column("AddressType", described_by="discovery.v1.EndpointSlice.addressType"),
    Column("Ports", described_by="discovery.v1.EndpointSlice.ports"),
    Column("Endpoints", described_by="discovery.v1.EndpointSlice.endpoints"),
    AGE,
)

_SHOWN_MAX = 3
_MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
_CONTROLLERS = ("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io")


def default(obj: Object) -> None:
    """Ports have a name, if only an empty one, and are TCP."""
    for port in obj.get("ports") or ():
        if port.get("name") is None:
            port["name"] = ""
        if port.get("protocol") is None:
            port["protocol"] = "TCP"


def prepare(new: Object, old: Object | None) -> None:
    """The generation counts changes of the content and of the labels."""
    count_generation(new, old, "addressType", "endpoints", "ports")
    if old is None:
        return
    generation = old["metadata"].get("generation") or 0
    has_new_labels = new["metadata"].get("labels") != old["metadata"].get("labels")
    if has_new_labels and new["metadata"]["generation"] == generation:
        new["metadata"] = {**new["metadata"], "generation": generation + 1}


def warn(new: Object, old: Object | None) -> list[str]:
    """Of the deprecated address type, and addresses that are not in their canonical form."""
    warnings = []
    if old is None and new.get("addressType") == "FQDN":
        warnings.append("spec.addressType: FQDN endpoints are deprecated")
    if (new["metadata"].get("labels") or {}).get(_MANAGED_BY) in _CONTROLLERS:
        return warnings
    for position, endpoint in enumerate(new.get("endpoints") or ()):
        for place, text in enumerate(endpoint.get("addresses") or ()):
            path = f"endpoints[{position}].addresses[{place}]"
            warnings += address_warnings(path, text)
    return warnings


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    ports = [_port_text(port) for port in obj.get("ports") or ()]
    addresses = [
        address
        for endpoint in obj.get("endpoints") or ()
        for address in endpoint.get("addresses") or ()
    ]
    return [
        obj["metadata"]["name"],
        obj.get("addressType", ""),
        list_with_more(ports[:_SHOWN_MAX], _SHOWN_MAX, len(ports), "<unset>"),
        list_with_more(addresses[:_SHOWN_MAX], _SHOWN_MAX, len(addresses), "<unset>"),
        age(obj, now_ms),
    ]


def _port_text(port: Object) -> str:
    if port.get("port") is not None:
        return str(port["port"])
    return "*" if port.get("name") is None else str(port["name"])


KIND = Kind(
    group="discovery.k8s.io",
    version="v1",
    kind="EndpointSlice",
    plural="endpointslices",
    singular="endpointslice",
    namespaced=True,
    default=default,
    validate=validate,
    validate_update=validate_update,
    prepare=prepare,
    has_generation=True,
    warn=warn,
    columns=COLUMNS,
    cells=cells,
)
