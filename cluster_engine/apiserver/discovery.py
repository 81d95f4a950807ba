"""Discovery: which groups, versions and resources are served, plain and aggregated.

Models: k8s.io/apiserver/pkg/endpoints/discovery and kube-aggregator's group order (v1.37.2).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.negotiation import (
    JSON,
    PROTOBUF,
    YAML,
    Media,
    not_acceptable,
    parse_accept,
)
from cluster_engine.kinds.kind import Kind, Subresource
from cluster_engine.kinds.versions import version_priority

AGGREGATED = "APIGroupDiscoveryList"
_DISCOVERY_GROUP, _DISCOVERY_VERSION = "apidiscovery.k8s.io", "v2"


#: The order in which custom resources announce their verbs.
def negotiate_discovery(header: str, *, is_aggregatable: bool) -> tuple[Media, bool]:
    """The media type, and whether the aggregated form was asked for. Raises ApiError 406."""
    is_known = False
    for clause in parse_accept(header):
        if clause.type not in (JSON, YAML, PROTOBUF, "*/*", ""):
            continue
        is_known = True
        type_ = YAML if clause.type == YAML else JSON
        transform = clause.parameters.get("as", "")
        if not transform:
            return Media(type_, is_pretty=clause.parameters.get("pretty") == "1"), False
        asked = (transform, clause.parameters.get("g"), clause.parameters.get("v"))
        wanted = (AGGREGATED, _DISCOVERY_GROUP, _DISCOVERY_VERSION)
        if is_aggregatable and asked == wanted:
            return Media(type_), True
    raise not_acceptable(is_known, has_streams=False)


def core_versions(address: str) -> Object:
    """GET /api."""
    server = {"clientCIDR": "0.0.0.0/0", "serverAddress": address}
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [server]}


def group_list(core: Core) -> Object:
    """GET /apis."""
    groups = [_group(name, versions) for name, versions in groups_of(core).items() if name]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def group(core: Core, name: str) -> Object | None:
    """GET /apis/<group>; None when it is not served."""
    versions = groups_of(core).get(name)
    if versions is None or not name:
        return None
    return {"kind": "APIGroup", "apiVersion": "v1", **_group(name, versions)}


def resource_list(core: Core, group_name: str, version: str) -> Object | None:
    """GET /api/v1 or /apis/<group>/<version>; None when it is not served."""
    kinds = _served(core, group_name, version)
    if not kinds:
        return None
    resources: list[Object] = []
    for kind in kinds:
        resources.append(_resource(kind))
        resources.extend(_subresource(kind, part) for part in _sorted_parts(kind))
    answer: Object = {"kind": "APIResourceList"}
    if group_name:
        answer["apiVersion"] = "v1"
    group_version = f"{group_name}/{version}" if group_name else version
    return {**answer, "groupVersion": group_version, "resources": resources}


def aggregated(core: Core, *, is_core: bool) -> Object:
    """GET /api or /apis in one document with everything below."""
    items = []
    for name, versions in groups_of(core).items():
        if bool(name) == is_core:
            continue
        metadata: Object = {"name": name} if name else {}
        found = [_aggregated_version(core, name, version) for version in versions]
        items.append({"metadata": metadata, "versions": found})
    return {
        "kind": AGGREGATED,
        "apiVersion": f"{_DISCOVERY_GROUP}/{_DISCOVERY_VERSION}",
        "metadata": {},
        "items": items,
    }


def groups_of(core: Core) -> dict[str, list[str]]:
    """Served versions by group: built-in groups in their order, then custom ones by name."""
    built_in: dict[str, list[str]] = {}
    custom: dict[str, set[str]] = {}
    for kind in core.registry:
        if kind.types is not None and kind.group not in built_in:
            custom.setdefault(kind.group, set()).update(kind.served_versions)
            continue
        held = built_in.setdefault(kind.group, [])
        held.extend(version for version in kind.served_versions if version not in held)
    for name in sorted(custom):
        built_in[name] = sorted(custom[name], key=version_priority)
    return built_in


def is_built_in(core: Core, group_name: str) -> bool:
    """Whether a group is Kubernetes' own."""
    return any(kind.group == group_name and kind.types is None for kind in core.registry)


def _group(name: str, versions: list[str]) -> Object:
    found = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions]
    return {"name": name, "versions": found, "preferredVersion": found[0]}


def _served(core: Core, group_name: str, version: str) -> list[Kind]:
    paths = core.registry.path
    own = [kind for kind in core.registry if kind.group == group_name]
    found = [paths(group_name, version, kind.plural) for kind in own]
    kinds = [kind for kind in found if kind is not None]
    return sorted(kinds, key=_by_plural)


def _by_plural(kind: Kind) -> str:
    return kind.plural


def _sorted_parts(kind: Kind) -> Iterable[Subresource]:
    return sorted(kind.subresources, key=_by_name)


def _by_name(part: Subresource) -> str:
    return part.name


def _resource(kind: Kind) -> Object:
    entry: Object = {
        "name": kind.plural,
        "singularName": kind.singular,
        "namespaced": kind.namespaced,
        "kind": kind.kind,
        "verbs": list(kind.verbs),
    }
    if kind.short_names:
        entry["shortNames"] = list(kind.short_names)
    if kind.categories:
        entry["categories"] = list(kind.categories)
    if "list" in kind.verbs and "create" in kind.verbs:
        entry["storageVersionHash"] = _storage_hash(kind)
    return entry


def _subresource(kind: Kind, part: Subresource) -> Object:
    entry: Object = {
        "name": f"{kind.plural}/{part.name}",
        "singularName": "",
        "namespaced": kind.namespaced,
    }
    name = kind.kind
    if part.kind is not None:
        group_name, version, name = part.kind
        if group_name != kind.group:
            entry["group"], entry["version"] = group_name, version
    return {**entry, "kind": name, "verbs": list(part.verbs)}


def _aggregated_version(core: Core, group_name: str, version: str) -> Object:
    resources = []
    for kind in _served(core, group_name, version):
        is_custom = kind.types is not None
        own = (kind.group, version, kind.kind) if is_custom else ("", "", kind.kind)
        entry: Object = {
            "resource": kind.plural,
            "responseKind": _response_kind(own),
            "scope": "Namespaced" if kind.namespaced else "Cluster",
            "singularResource": kind.singular,
            "verbs": list(kind.verbs),
        }
        if kind.short_names:
            entry["shortNames"] = list(kind.short_names)
        if kind.categories:
            entry["categories"] = list(kind.categories)
        parts = [_aggregated_part(kind, part, own) for part in _sorted_parts(kind)]
        if parts:
            entry["subresources"] = parts
        resources.append(entry)
    return {"version": version, "resources": resources, "freshness": "Current"}


def _aggregated_part(kind: Kind, part: Subresource, own: tuple[str, str, str]) -> Object:
    shown = own
    if part.kind is not None:
        is_foreign = part.kind[0] != kind.group
        shown = part.kind if is_foreign else ("", "", part.kind[2])
    return {
        "subresource": part.name,
        "responseKind": _response_kind(shown),
        "verbs": list(part.verbs),
    }


def _response_kind(kind: tuple[str, str, str]) -> Object:
    return {"group": kind[0], "version": kind[1], "kind": kind[2]}


def _storage_hash(kind: Kind) -> str:
    text = f"{kind.group}/{kind.version}/{kind.kind}"
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:8]).decode()
