"""The query of a request, decoded and checked: list, create, update, patch and delete options.

Models: k8s.io/apimachinery/pkg/apis/meta/v1/validation and internalversion/validation (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.errors import bad_request, invalid
from cluster_engine.apimachinery.fields import (
    NOT_SUPPORTED,
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
    too_long,
)
from cluster_engine.apiserver.deleting import DeleteOptions

Query = Mapping[str, list[str]]

IGNORE, WARN, STRICT = "Ignore", "Warn", "Strict"
_FIELD_VALIDATIONS = ("", IGNORE, STRICT, WARN)
_MANAGER_BYTES_MAX = 128
_EXACT, _NOT_OLDER = "Exact", "NotOlderThan"
_POLICIES = ("Foreground", "Background", "Orphan")


@dataclass(frozen=True, slots=True)
class ListOptions:
    """`metav1.ListOptions`."""

    label_selector: str = ""
    field_selector: str = ""
    limit: int = 0
    continue_token: str = ""
    resource_version: str = ""
    resource_version_match: str = ""
    is_watch: bool = False
    has_bookmarks: bool = False
    timeout_seconds: int | None = None
    sends_initial_events: bool | None = None


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What create, update and patch have in common."""

    is_dry_run: bool = False
    field_manager: str = ""
    field_validation: str = WARN
    is_forced: bool | None = None


def list_options(query: Query, *, is_watch: bool) -> ListOptions:
    """Decode and check. Raises ApiError 400 or 422."""
    options = ListOptions(
        label_selector=_text(query, "labelSelector"),
        field_selector=_text(query, "fieldSelector"),
        limit=_integer(query, "limit") or 0,
        continue_token=_text(query, "continue"),
        resource_version=_text(query, "resourceVersion"),
        resource_version_match=_text(query, "resourceVersionMatch"),
        is_watch=is_watch,
        has_bookmarks=_flag(query, "allowWatchBookmarks") or False,
        timeout_seconds=_integer(query, "timeoutSeconds"),
        sends_initial_events=_flag(query, "sendInitialEvents"),
    )
    problems = _check_watch(options) if is_watch else _check_list(options)
    if problems:
        raise invalid("ListOptions", "meta.k8s.io", "", problems)
    return options


def write_options(query: Query, name: str, *, is_apply: bool = False) -> WriteOptions:
    """Decode and check the options called `name`, such as CreateOptions."""
    problems: list[FieldError] = []
    manager = _text(query, "fieldManager")
    force = _flag(query, "force") if name == "PatchOptions" else None
    if name == "PatchOptions":
        if is_apply and not manager:
            problems.append(required("fieldManager", "is required for apply patch"))
        elif not is_apply and force is not None:
            problems.append(forbidden_field("force", "may not be specified for non-apply patch"))
    problems.extend(_check_manager(manager))
    dry_run = query.get("dryRun", [])
    problems.extend(_check_dry_run(dry_run))
    validation = _text(query, "fieldValidation")
    if validation not in _FIELD_VALIDATIONS:
        problems.append(not_supported("fieldValidation", validation, _FIELD_VALIDATIONS))
    if problems:
        raise invalid(name, "meta.k8s.io", "", problems)
    return WriteOptions("All" in dry_run, manager, validation or WARN, force)


def delete_options(query: Query, body: Any) -> DeleteOptions:
    """From the decoded body, or from the query when there is none (`body` None)."""
    if body is None:
        given: dict[str, Any] = {
            "gracePeriodSeconds": _integer(query, "gracePeriodSeconds"),
            "propagationPolicy": _text(query, "propagationPolicy") or None,
            "orphanDependents": _flag(query, "orphanDependents"),
            "dryRun": query.get("dryRun", []),
        }
    else:
        given = body
    orphan, policy = given.get("orphanDependents"), given.get("propagationPolicy")
    problems: list[FieldError] = []
    if orphan is not None and policy is not None:
        text = "orphanDependents and deletionPropagation cannot be both set"
        problems.append(invalid_value("propagationPolicy", policy, text))
    if policy is not None and policy not in _POLICIES:
        words = ", ".join(f'"{word}"' for word in (*_POLICIES, "nil"))
        text = f"supported values: {words}"
        problems.append(FieldError(NOT_SUPPORTED, "propagationPolicy", policy, text))
    dry_run = given.get("dryRun") or []
    problems.extend(_check_dry_run(dry_run))
    if problems:
        raise invalid("DeleteOptions", "meta.k8s.io", "", problems)
    preconditions = given.get("preconditions") or {}
    return DeleteOptions(
        grace_seconds=given.get("gracePeriodSeconds"),
        uid=preconditions.get("uid"),
        resource_version=preconditions.get("resourceVersion"),
        orphan_dependents=orphan,
        propagation=policy or "",
        is_dry_run="All" in dry_run,
    )


def manager_of(options: WriteOptions, user_agent: str) -> str:
    """Who a write's fields belong to: as asked for, else what the user agent begins with."""
    if options.field_manager:
        return options.field_manager
    name = "".join(sign for sign in user_agent.partition("/")[0] if sign.isprintable())
    return name.encode()[:_MANAGER_BYTES_MAX].decode(errors="ignore") or "unknown"


def _check_list(options: ListOptions) -> list[FieldError]:
    problems: list[FieldError] = []
    match, path = options.resource_version_match, "resourceVersionMatch"
    if match:
        if not options.resource_version:
            text = "resourceVersionMatch is forbidden unless resourceVersion is provided"
            problems.append(forbidden_field(path, text))
        if options.continue_token:
            text = "resourceVersionMatch is forbidden when continue is provided"
            problems.append(forbidden_field(path, text))
        if match not in (_EXACT, _NOT_OLDER):
            problems.append(not_supported(path, match, (_EXACT, _NOT_OLDER, "")))
        if match == _EXACT and options.resource_version == "0":
            text = 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'
            problems.append(forbidden_field(path, text))
    if options.sends_initial_events is not None:
        text = "sendInitialEvents is forbidden for list"
        problems.append(forbidden_field("sendInitialEvents", text))
    return problems


def _check_watch(options: ListOptions) -> list[FieldError]:
    problems: list[FieldError] = []
    match, path = options.resource_version_match, "resourceVersionMatch"
    initial = options.sends_initial_events
    if initial is None and not match and options.resource_version in ("", "0"):
        # Upstream's default: an old-style watch from "0" is a watch list without its last bookmark.
        initial, match = True, _NOT_OLDER
    if initial is not None and match != _NOT_OLDER:
        text = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
        problems.append(forbidden_field(path, text))
    if match:
        if initial is None:
            text = (
                "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
            )
            problems.append(forbidden_field(path, text))
        if match != _NOT_OLDER:
            problems.append(not_supported(path, match, (_NOT_OLDER,)))
        if options.continue_token:
            text = "resourceVersionMatch is forbidden when continue is provided"
            problems.append(forbidden_field(path, text))
    return problems


def _check_manager(manager: str) -> list[FieldError]:
    problems: list[FieldError] = []
    if len(manager.encode()) > _MANAGER_BYTES_MAX:
        problems.append(too_long("fieldManager", _MANAGER_BYTES_MAX))
    for position, sign in enumerate(manager):
        if not sign.isprintable():
            text = f"invalid character U+{ord(sign):04X} (at position {position})"
            problems.append(invalid_value("fieldManager", manager, text))
    return problems


def _check_dry_run(values: list[str]) -> list[FieldError]:
    if all(value == "All" for value in values):
        return []
    return [not_supported("dryRun", values, ("All",))]


def _text(query: Query, name: str) -> str:
    return query.get(name, [""])[0]


def _flag(query: Query, name: str) -> bool | None:
    """A boolean as upstream reads it from a query: anything but false and 0 is true."""
    if name not in query:
        return None
    return _text(query, name).lower() not in ("false", "0")


def _integer(query: Query, name: str) -> int | None:
    text = _text(query, name)
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None
