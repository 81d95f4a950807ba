"""Problems of webhook configurations.

Models: validateValidatingWebhookConfiguration, validateMutatingWebhookConfiguration in
k8s.io/kubernetes/pkg/apis/admissionregistration/validation, pkg/util/webhook of
k8s.io/apiserver (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import (
    is_dns1035_label,
    is_dns1123_subdomain,
    is_port_number,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.admissionregistration.reserved import (
    reserved_name_problems,
    reserved_name_warnings,
)
from cluster_engine.kinds.admissionregistration.rules import (
    FAILURE_POLICIES,
    MATCH_POLICIES,
    check_match_conditions,
    check_rule,
)
from cluster_engine.kinds.checks import label_selector

_HARMLESS = ("None", "NoneOnDryRun")
_SIDE_EFFECTS = ("None", "NoneOnDryRun", "Some", "Unknown")
_REINVOCATIONS = ("IfNeeded", "Never")
_REVIEW_VERSIONS = ("v1", "v1beta1")
_NEVER_ASKED = frozenset(
    (
        "selfsubjectreviews.authentication.k8s.io",
        "tokenreviews.authentication.k8s.io",
        "localsubjectaccessreviews.authorization.k8s.io",
        "selfsubjectaccessreviews.authorization.k8s.io",
        "selfsubjectrulesreviews.authorization.k8s.io",
        "subjectaccessreviews.authorization.k8s.io",
    )
)
_FORM = "; desired format: https://host[/path]"


@dataclass(frozen=True, slots=True)
class _Demands:
    """What is asked of webhooks; an update asks for what the old ones did already."""

    harmless: bool = True
    known_version: bool = True
    unique_names: bool = True
    conditions: bool = True


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new configuration."""
    problems: list[FieldError] = []
    _check_webhooks(problems, obj.get("webhooks") or (), _Demands())
    problems += reserved_name_problems(obj)
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change."""
    problems: list[FieldError] = []
    webhooks, before = new.get("webhooks") or [], old.get("webhooks") or []
    names = [webhook.get("name", "") for webhook in before]
    conditions = [webhook.get("matchConditions") for webhook in before]
    demands = _Demands(
        harmless=all(webhook.get("sideEffects") in _HARMLESS for webhook in before),
        known_version=all(
            _knows_version(webhook.get("admissionReviewVersions") or ["v1"]) for webhook in before
        ),
        unique_names=len(set(names)) == len(names),
        conditions=[webhook.get("matchConditions") for webhook in webhooks] != conditions,
    )
    _check_webhooks(problems, webhooks, demands)
    return problems


def _knows_version(versions: Sequence[str]) -> bool:
    return any(version in _REVIEW_VERSIONS for version in versions)


def _check_webhooks(
    problems: list[FieldError], webhooks: Sequence[Object], demands: _Demands
) -> None:
    seen = set()
    for position, webhook in enumerate(webhooks):
        path, name = f"webhooks[{position}]", webhook.get("name", "")
        _check_webhook(problems, path, webhook, demands)
        versions = webhook.get("admissionReviewVersions") or []
        at = f"{path}.admissionReviewVersions"
        _check_versions(problems, at, versions, demands.known_version)
        if demands.unique_names and name:
            if name in seen:
                problems.append(duplicate(f"{path}.name", name))
            seen.add(name)


def _check_webhook(
    problems: list[FieldError], path: str, webhook: Object, demands: _Demands
) -> None:
    _check_name(problems, f"{path}.name", webhook.get("name", ""))
    for position, rule in enumerate(webhook.get("rules") or ()):
        check_rule(problems, f"{path}.rules[{position}]", rule)
    for field, words in (("failurePolicy", FAILURE_POLICIES), ("matchPolicy", MATCH_POLICIES)):
        if webhook.get(field) is not None and webhook[field] not in words:
            problems.append(not_supported(f"{path}.{field}", webhook[field], words))
    allowed = _HARMLESS if demands.harmless else _SIDE_EFFECTS
    effects = webhook.get("sideEffects")
    if effects is None:
        text = f"must specify one of {', '.join(allowed)}"
        problems.append(required(f"{path}.sideEffects", text))
    elif effects not in allowed:
        problems.append(not_supported(f"{path}.sideEffects", effects, allowed))
    seconds = webhook.get("timeoutSeconds")
    if seconds is not None and not 1 <= seconds <= 30:
        text = "the timeout value must be between 1 and 30 seconds"
        problems.append(invalid_value(f"{path}.timeoutSeconds", seconds, text))
    for field in ("namespaceSelector", "objectSelector"):
        label_selector(problems, f"{path}.{field}", webhook.get(field))
    reinvocation = webhook.get("reinvocationPolicy")
    if reinvocation is not None and reinvocation not in _REINVOCATIONS:
        at = f"{path}.reinvocationPolicy"
        problems.append(not_supported(at, reinvocation, _REINVOCATIONS))
    _check_client(problems, f"{path}.clientConfig", webhook.get("clientConfig") or {})
    if demands.conditions:
        conditions = webhook.get("matchConditions") or ()
        check_match_conditions(problems, f"{path}.matchConditions", conditions)


def _check_name(problems: list[FieldError], path: str, name: str) -> None:
    messages = is_dns1123_subdomain(name)
    if not name:
        problems.append(required(path))
    elif messages:
        problems.append(invalid_value(path, name, ",".join(messages)))
    elif name.count(".") < 2:
        text = "should be a domain with at least three segments separated by dots"
        problems.append(invalid_value(path, name, text))


def _check_versions(
    problems: list[FieldError], path: str, versions: list[str], needs_known: bool
) -> None:
    if not versions:
        text = f"must specify one of {', '.join(_REVIEW_VERSIONS)}"
        problems.append(required(path, text))
        return
    for position, version in enumerate(versions):
        at = f"{path}[{position}]"
        if version in versions[:position]:
            problems.append(invalid_value(at, version, "duplicate version"))
            continue
        problems.extend(
            invalid_value(at, version, message) for message in is_dns1035_label(version)
        )
    if needs_known and not _knows_version(versions):
        text = f"must include at least one of {', '.join(_REVIEW_VERSIONS)}"
        problems.append(invalid_value(path, versions, text))


def _check_client(problems: list[FieldError], path: str, config: Object) -> None:
    url, service = config.get("url"), config.get("service")
    if (url is None) == (service is None):
        problems.append(required(path, "exactly one of url or service is required"))
    elif url is not None:
        check_webhook_url(problems, f"{path}.url", url)
    elif service is not None:
        # Upstream swaps name and namespace here, which shows only when one is missing.
        name, namespace = service.get("name", ""), service.get("namespace", "")
        check_webhook_service(problems, f"{path}.service", service, (namespace, name))


def check_webhook_url(problems: list[FieldError], path: str, url: str) -> None:
    """An https URL without user, query and fragment."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        text = f"'https' is the only allowed URL scheme{_FORM}"
        problems.append(invalid_value(path, parts.scheme, text))
    user, at, host = parts.netloc.rpartition("@")
    if not host:
        problems.append(invalid_value(path, host, f"host must be specified{_FORM}"))
    if at:
        text = "user information is not permitted in the URL"
        problems.append(invalid_value(path, user, text))
    if parts.fragment:
        text = "fragments are not permitted in the URL"
        problems.append(invalid_value(path, parts.fragment, text))
    if parts.query:
        text = "query parameters are not permitted in the URL"
        problems.append(invalid_value(path, parts.query, text))


def check_webhook_service(
    problems: list[FieldError], path: str, service: Object, names: tuple[str, str]
) -> None:
    """A service with a port and a path; `names` are its name and namespace."""
    for field, text in zip(("name", "namespace"), names, strict=True):
        if not text:
            problems.append(required(f"{path}.{field}"))
    port = service.get("port", 0)
    messages = is_port_number(port)
    if messages:
        text = f"port is not valid: {', '.join(messages)}"
        problems.append(invalid_value(f"{path}.port", port, text))
    if service.get("path"):
        _check_path(problems, f"{path}.path", service["path"])


def _check_path(problems: list[FieldError], path: str, target: str) -> None:
    if target == "/":
        return
    if target == "//":
        problems.append(invalid_value(path, target, "segment[0] may not be empty"))
        return
    if not target.startswith("/"):
        problems.append(invalid_value(path, target, "must start with a '/'"))
    for position, step in enumerate(target[1:].removesuffix("/").split("/")):
        if not step:
            text = f"segment[{position}] may not be empty"
            problems.append(invalid_value(path, target, text))
            continue
        problems.extend(
            invalid_value(path, target, f"segment[{position}]: {message}")
            for message in is_dns1123_subdomain(step)
        )


def warn(new: Object, old: Object | None) -> list[str]:
    """Of a reserved name, and of rules about what no webhook is asked."""
    warnings = [] if old is None else reserved_name_warnings(new)
    for position, webhook in enumerate(new.get("webhooks") or ()):
        for place, rule in enumerate(webhook.get("rules") or ()):
            at = f"webhooks[{position}].rules[{place}]"
            warnings += [
                f"{at}: {name} is excluded from admission webhooks; this rule will have no effect"
                for name in _excluded(rule)
            ]
    return warnings


def _excluded(rule: Object) -> list[str]:
    groups, resources = rule.get("apiGroups") or (), rule.get("resources") or ()
    if "*" in groups or "*" in resources:
        return []
    named = (f"{resource}.{group}" for group in groups for resource in resources)
    return list(dict.fromkeys(name for name in named if name in _NEVER_ASKED))
