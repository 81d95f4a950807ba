"""SubjectAccessReview and its kin: asking the authorizer without doing anything.

Models: k8s.io/kubernetes/pkg/registry/authorization (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.errors import bad_request, invalid
from cluster_engine.apimachinery.fields import FieldError, invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.answers import value_answer
from cluster_engine.apiserver.authorization.attributes import Attributes
from cluster_engine.apiserver.authorization.authorizer import MASTERS, Authorizer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.incoming import read_object
from cluster_engine.apiserver.options import write_options
from cluster_engine.apiserver.requests import Response, User

_ONE = "exactly one of nonResourceAttributes or resourceAttributes must be specified"


def review_self(call: Call, authorizer: Authorizer) -> Response:
    """SelfSubjectAccessReview: may the caller do it?"""
    review = read_object(call, write_options(call.query, "CreateOptions"))
    spec = review.get("spec") or {}
    problems = _check_union(spec)
    problems.extend(_check_metadata(review, allows_namespace=False))
    _refuse(call, problems)
    return _answer(call, review, spec, call.user, authorizer)


def review_subject(call: Call, authorizer: Authorizer) -> Response:
    """SubjectAccessReview: may somebody do it?"""
    return _review_somebody(call, authorizer, is_local=False)


def review_local(call: Call, authorizer: Authorizer) -> Response:
    """LocalSubjectAccessReview: may somebody do it in this namespace?"""
    return _review_somebody(call, authorizer, is_local=True)


def review_rules(call: Call, authorizer: Authorizer) -> Response:
    """SelfSubjectRulesReview: all that the caller may do in a namespace."""
    review = read_object(call, write_options(call.query, "CreateOptions"))
    namespace = (review.get("spec") or {}).get("namespace") or ""
    if not namespace:
        raise bad_request("no namespace on request")
    resources: list[Object] = []
    urls: list[Object] = []
    if MASTERS in call.user.groups:
        resources.append({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]})
        urls.append({"verbs": ["*"], "nonResourceURLs": ["*"]})
    found = authorizer.grants(call.user, namespace)
    for rule in found.rules():
        fields = ("verbs", "apiGroups", "resources", "resourceNames")
        if rule.get("resources"):
            resources.append({name: rule[name] for name in fields if rule.get(name)})
        if rule.get("nonResourceURLs"):
            urls.append({"verbs": rule["verbs"], "nonResourceURLs": rule["nonResourceURLs"]})
    status: Object = {"resourceRules": resources, "nonResourceRules": urls, "incomplete": False}
    if found.problems:
        status["evaluationError"] = ", ".join(found.problems)
    answer = {
        "kind": "SelfSubjectRulesReview",
        "apiVersion": call.api_version,
        "metadata": {},
        "spec": {},
        "status": status,
    }
    return value_answer(call, answer, 201)


def _review_somebody(call: Call, authorizer: Authorizer, *, is_local: bool) -> Response:
    review = read_object(call, write_options(call.query, "CreateOptions"))
    spec = review.get("spec") or {}
    metadata = review.setdefault("metadata", {})
    if is_local and not metadata.get("namespace"):
        metadata["namespace"] = call.namespace
    problems = _check_union(spec)
    if not spec.get("user") and not spec.get("groups"):
        text = "at least one of user or group must be specified"
        problems.append(invalid_value("spec.user", "", text))
    problems.extend(_check_metadata(review, allows_namespace=is_local))
    if is_local:
        problems.extend(_check_local(spec, metadata.get("namespace", "")))
    _refuse(call, problems)
    extra = {name: tuple(values) for name, values in (spec.get("extra") or {}).items()}
    groups = tuple(spec.get("groups") or ())
    user = User(spec.get("user", ""), groups, spec.get("uid", ""), extra)
    return _answer(call, review, spec, user, authorizer)


def _answer(
    call: Call, review: Object, spec: Object, user: User, authorizer: Authorizer
) -> Response:
    decision = authorizer.authorize(_attributes(spec, user))
    status: Object = {"allowed": decision.is_allowed}
    if decision.reason:
        status["reason"] = decision.reason
    answer = {
        "kind": call.kind.kind,
        "apiVersion": call.api_version,
        "metadata": review.get("metadata") or {},
        "spec": spec,
        "status": status,
    }
    return value_answer(call, answer, 201)


def _attributes(spec: Object, user: User) -> Attributes:
    asked: Object | None = spec.get("resourceAttributes")
    if asked is None:
        path = spec["nonResourceAttributes"]
        return Attributes(user, path.get("verb", ""), False, path=path.get("path", ""))
    return Attributes(
        user=user,
        verb=asked.get("verb", ""),
        namespace=asked.get("namespace", ""),
        group=asked.get("group", ""),
        resource=asked.get("resource", ""),
        subresource=asked.get("subresource", ""),
        name=asked.get("name", ""),
    )


def _check_union(spec: Object) -> list[FieldError]:
    resource, path = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
    if (resource is None) != (path is None):
        return []
    shown: Any = None
    if path is not None:
        shown = {"Path": path.get("path", ""), "Verb": path.get("verb", "")}
    return [invalid_value("spec", shown, _ONE)]


def _check_metadata(review: Object, *, allows_namespace: bool) -> list[FieldError]:
    metadata = dict(review.get("metadata") or {})
    metadata.pop("managedFields", None)
    if allows_namespace:
        metadata.pop("namespace", None)
    if not any(metadata.values()):
        return []
    text = "must be empty except for namespace" if allows_namespace else "must be empty"
    return [invalid_value("metadata", metadata, text)]


def _check_local(spec: Object, namespace: str) -> list[FieldError]:
    problems: list[FieldError] = []
    asked = spec.get("resourceAttributes")
    if asked is not None and asked.get("namespace", "") != namespace:
        path = "spec.resourceAttributes.namespace"
        held = asked.get("namespace", "")
        problems.append(invalid_value(path, held, "must match metadata.namespace"))
    if spec.get("nonResourceAttributes") is not None:
        path, text = "spec.nonResourceAttributes", "disallowed on this kind of request"
        problems.append(invalid_value(path, spec["nonResourceAttributes"], text))
    return problems


def _refuse(call: Call, problems: list[FieldError]) -> None:
    if problems:
        # Upstream reads the kind of a decoded object, which is empty.
        raise invalid("", call.kind.group, "", problems)
