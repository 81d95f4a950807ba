"""The default roles and bindings, parsed once per process and shared by all clusters.

Models: k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy (v1.37.2).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from cluster_engine.apimachinery.objects import Object

_GROUP = "rbac.authorization.k8s.io"
_API_VERSION = f"{_GROUP}/v1"
_AGGREGATE = f"{_GROUP}/aggregate-to-"
_AUTO_UPDATE = {"rbac.authorization.kubernetes.io/autoupdate": "true"}
_MARK = {"kubernetes.io/bootstrapping": "rbac-defaults"}

#: Read-only access for people who only look on, bound to the group `podyard:viewers`.
VIEWERS_GROUP = "podyard:viewers"


@cache
def default_objects() -> tuple[tuple[str, Object], ...]:
    """`(resource, object)` for each, without uid and times. Shared: treat as read-only."""
    sections = _sections()
    found: list[tuple[str, Object]] = []
    for title in ("cluster roles", "controller roles"):
        found += [(_resource("ClusterRole"), role) for role in _roles(sections[title])]
    found += [(_resource("Role"), role) for role in _roles(sections["roles"])]
    bindings = [*sections["cluster role bindings"], *_controller_bindings(sections)]
    found += [(_resource("ClusterRoleBinding"), _binding(line)) for line in bindings]
    found += [(_resource("RoleBinding"), _binding(line)) for line in sections["role bindings"]]
    return tuple(found)


@cache
def viewer_objects() -> tuple[tuple[str, Object], ...]:
    """The playground's own addition: viewers read everything but the secrets' content."""
    (role,) = _roles(_sections()["viewers"])
    metadata = {"name": role["metadata"]["name"]}
    subject = {"apiGroup": _GROUP, "kind": "Group", "name": VIEWERS_GROUP}
    binding: Object = {
        "apiVersion": _API_VERSION,
        "kind": "ClusterRoleBinding",
        "metadata": metadata,
        "roleRef": {"apiGroup": _GROUP, "kind": "ClusterRole", "name": metadata["name"]},
        "subjects": [subject],
    }
    return (
        (_resource("ClusterRole"), {**role, "metadata": metadata}),
        (_resource("ClusterRoleBinding"), binding),
    )


def aggregated_rules(roles: list[Object], role: Object) -> list[Object]:
    """The rules that a role with an aggregation rule collects from the others, by name."""
    rules: list[Object] = []
    for selector in role["aggregationRule"].get("clusterRoleSelectors") or ():
        wanted = selector.get("matchLabels") or {}
        for other in sorted(roles, key=lambda item: str(item["metadata"]["name"])):
            labels = other["metadata"].get("labels") or {}
            if other is not role and all(labels.get(k) == v for k, v in wanted.items()):
                rules += [rule for rule in other.get("rules") or () if rule not in rules]
    return rules


def _sections() -> dict[str, list[str]]:
    text = files("cluster_engine.bootstrap").joinpath("rbac_policy.txt").read_text("utf-8")
    sections: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            sections[line.strip("[]")] = held = []
        elif line and not line.startswith("#"):
            held.append(line)
    return sections


def _resource(kind: str) -> str:
    return f"{kind.lower()}s.{_GROUP}"


def _metadata(full_name: str) -> Object:
    namespace, slash, name = full_name.partition("/")
    metadata: Object = {"name": name if slash else full_name}
    if slash:
        metadata["namespace"] = namespace
    return {**metadata, "labels": _MARK, "annotations": _AUTO_UPDATE}


def _roles(lines: list[str]) -> list[Object]:
    roles: list[Object] = []
    for line in lines:
        if line.startswith("  "):
            roles[-1]["rules"].append(_rule(line.split()))
        else:
            roles.append(_role(line.split()))
    collectors = [role for role in roles if "aggregationRule" in role]
    for _ in collectors:  # view feeds edit, which feeds admin: a pass per level at most
        for role in collectors:
            role["rules"] = aggregated_rules(roles, role)
    return roles


def _role(words: list[str]) -> Object:
    metadata = _metadata(words[0])
    kind = "Role" if "namespace" in metadata else "ClusterRole"
    role: Object = {"apiVersion": _API_VERSION, "kind": kind, "metadata": metadata, "rules": []}
    to = {_AGGREGATE + word[1:]: "true" for word in words[1:] if word.startswith(">")}
    if to:
        metadata["labels"] = {**_MARK, **to}
    selectors = [
        {"matchLabels": {_AGGREGATE + word[1:]: "true"}}
        for word in words[1:]
        if word.startswith("<")
    ]
    if selectors:
        role["aggregationRule"] = {"clusterRoleSelectors": selectors}
    return role


def _rule(words: list[str]) -> Object:
    if words[0] == "urls":
        return {"nonResourceURLs": words[1].split(","), "verbs": words[2].split(",")}
    rule: Object = {
        "verbs": words[2].split(","),
        "apiGroups": ["" if group == "core" else group for group in words[0].split(",")],
        "resources": words[1].split(","),
    }
    if len(words) > 3:
        rule["resourceNames"] = words[3].split(",")
    return rule


def _controller_bindings(sections: dict[str, list[str]]) -> list[str]:
    names = [line.split()[0] for line in sections["controller roles"] if line[0] != " "]
    account = len("system:controller:")
    return [f"{name} ClusterRole {name} sa=kube-system/{name[account:]}" for name in names]


def _binding(line: str) -> Object:
    name, kind, role, *subjects = line.split()
    metadata = _metadata(name)
    binding: Object = {
        "apiVersion": _API_VERSION,
        "kind": "RoleBinding" if "namespace" in metadata else "ClusterRoleBinding",
        "metadata": metadata,
        "roleRef": {"apiGroup": _GROUP, "kind": kind, "name": role},
    }
    if subjects:
        binding["subjects"] = [_subject(word) for word in subjects]
    return binding


def _subject(word: str) -> Object:
    kind, _, name = word.partition("=")
    if kind == "sa":
        namespace, _, account = name.partition("/")
        return {"kind": "ServiceAccount", "name": account, "namespace": namespace}
    return {"kind": kind.capitalize(), "apiGroup": _GROUP, "name": name}
