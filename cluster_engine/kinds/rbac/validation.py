"""Problems of roles and their bindings.

Models: k8s.io/kubernetes/pkg/apis/rbac/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import is_path_segment
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import SelectorError, from_label_selector
from cluster_engine.kinds.checks import (
    IMMUTABLE,
    Problems,
    declared,
    dns_subdomain,
    label_selector,
    wrong,
)
from cluster_engine.kinds.internal import LABEL_SELECTOR, internal, published
from cluster_engine.kinds.rbac.subjects import GROUP

_ROLE_KINDS = ("Role", "ClusterRole")
_SUBJECT_KINDS = ("ServiceAccount", "User", "Group")


def validate_role(obj: Object) -> list[FieldError]:
    """Rules for one namespace."""
    problems = Problems()
    for position, rule in enumerate(obj.get("rules") or ()):
        _check_rule(problems, f"rules[{position}]", rule, is_namespaced=True)
    return problems.all()


def validate_cluster_role(obj: Object) -> list[FieldError]:
    """Rules for the whole cluster, or selectors of roles that have them."""
    problems = Problems()
    for position, rule in enumerate(obj.get("rules") or ()):
        _check_rule(problems, f"rules[{position}]", rule, is_namespaced=False)
    aggregation = obj.get("aggregationRule")
    if aggregation is not None:
        path = "aggregationRule.clusterRoleSelectors"
        selectors = aggregation.get("clusterRoleSelectors") or []
        if not selectors:
            text = "at least one clusterRoleSelector required if aggregationRule is non-nil"
            problems.append(required(path, text))
        for position, selector in enumerate(selectors):
            label_selector(problems, f"{path}[{position}]", selector)
            try:
                from_label_selector(selector)
            except SelectorError:
                shown = published(LABEL_SELECTOR, selector)
                text = "invalid label selector."
                problems.append(invalid_value(f"{path}[{position}]", shown, text))
    return problems.all()


def _check_rule(problems: Problems, path: str, rule: Object, *, is_namespaced: bool) -> None:
    urls = rule.get("nonResourceURLs") or []
    if not rule.get("verbs"):
        declared(problems).append(required(f"{path}.verbs"))
    if urls:
        at = f"{path}.nonResourceURLs"
        if is_namespaced:
            text = "namespaced rules cannot apply to non-resource URLs"
            problems.append(invalid_value(at, urls, text))
        if any(rule.get(field) for field in ("apiGroups", "resources", "resourceNames")):
            text = "rules cannot apply to both regular resources and non-resource URLs"
            problems.append(invalid_value(at, urls, text))
        return
    if not rule.get("apiGroups"):
        text = "resource rules must supply at least one api group"
        problems.append(required(f"{path}.apiGroups", text))
    if not rule.get("resources"):
        text = "resource rules must supply at least one resource"
        problems.append(required(f"{path}.resources", text))


def validate_binding(obj: Object) -> list[FieldError]:
    """Of a role or cluster role to subjects, in one namespace."""
    return _binding_problems(obj, _ROLE_KINDS).all()


def validate_cluster_binding(obj: Object) -> list[FieldError]:
    """Of a cluster role to subjects, in the whole cluster."""
    return _binding_problems(obj, ("ClusterRole",)).all()


def _binding_problems(obj: Object, kinds: tuple[str, ...]) -> Problems:
    problems = Problems()
    role = obj.get("roleRef") or {}
    group, kind, name = (role.get(field, "") for field in ("apiGroup", "kind", "name"))
    if group != GROUP:
        problems.append(not_supported("roleRef.apiGroup", group, (GROUP,)))
    if kind not in kinds:
        problems.append(not_supported("roleRef.kind", kind, kinds))
    if not name:
        declared(problems).append(required("roleRef.name"))
    else:
        wrong(problems, "roleRef.name", name, is_path_segment(name))
    for position, subject in enumerate(obj.get("subjects") or ()):
        at = f"subjects[{position}]"
        _check_subject(problems, at, subject, is_namespaced=len(kinds) > 1)
    return problems


def _check_subject(problems: Problems, path: str, subject: Object, *, is_namespaced: bool) -> None:
    kind, name, group = (subject.get(field, "") for field in ("kind", "name", "apiGroup"))
    if not name:
        declared(problems).append(required(f"{path}.name"))
    if kind == "ServiceAccount":
        if name:
            dns_subdomain(problems, f"{path}.name", name)
        if group:
            problems.append(not_supported(f"{path}.apiGroup", group, ("",)))
        if not is_namespaced and not subject.get("namespace"):
            problems.append(required(f"{path}.namespace"))
    elif kind in _SUBJECT_KINDS:
        if group != GROUP:
            problems.append(not_supported(f"{path}.apiGroup", group, (GROUP,)))
    else:
        problems.append(not_supported(f"{path}.kind", kind, _SUBJECT_KINDS))


def validate_role_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    return validate_role(new)


def validate_cluster_role_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    return validate_cluster_role(new)


def validate_binding_update(new: Object, old: Object) -> list[FieldError]:
    """The role stays."""
    return _with_role(_binding_problems(new, _ROLE_KINDS), new, old)


def validate_cluster_binding_update(new: Object, old: Object) -> list[FieldError]:
    """The role stays."""
    return _with_role(_binding_problems(new, ("ClusterRole",)), new, old)


def _with_role(problems: Problems, new: Object, old: Object) -> list[FieldError]:
    role = new.get("roleRef") or {}
    if role != (old.get("roleRef") or {}):
        shown = internal("rbac", "RoleRef", role)
        problems.append(invalid_value("roleRef", shown, IMMUTABLE))
    return problems.all()
