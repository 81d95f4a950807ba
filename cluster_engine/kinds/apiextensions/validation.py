"""Validation of CustomResourceDefinitions.

What all versions say alike, upstream moves from the versions to the spec before it validates; the
paths of problems show that.

Models: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation and v1/conversion.go
(v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from cluster_engine.apimachinery.fields import (
    FieldError,
    child,
    forbidden_field,
    index,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import is_dns1035_label, is_dns1123_subdomain
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.custom.schema_rules import schema_problems

_APPROVAL = "api-approved.kubernetes.io"
_COLUMN_TYPES = ("boolean", "date", "integer", "number", "string")
_COLUMN_FORMATS = ("byte", "date", "date-time", "double", "float", "int32", "int64", "password")
_SELECTABLE_MAX = 8


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new definition."""
    spec = obj.get("spec") or {}
    names = spec.get("names") or {}
    name = obj["metadata"].get("name", "")
    problems: list[FieldError] = []
    if name != f"{names.get('plural', '')}.{spec.get('group', '')}":
        text = 'must be spec.names.plural+"."+spec.group'
        problems.append(invalid_value("metadata.name", name, text))
    problems += _spec_problems(spec)
    problems += _status_problems(obj)
    problems += _approval_problems(obj, None)
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change."""
    spec, held = new.get("spec") or {}, old.get("spec") or {}
    problems = list(_spec_problems(spec))
    names, held_names = spec.get("names") or {}, held.get("names") or {}
    fixed = [
        ("spec.group", spec.get("group"), held.get("group")),
        ("spec.names.plural", names.get("plural"), held_names.get("plural")),
    ]
    if _is_established(old):
        fixed[:0] = [
            ("spec.scope", spec.get("scope"), held.get("scope")),
            ("spec.names.kind", names.get("kind"), held_names.get("kind")),
        ]
    for path, value, before in fixed:
        if value != before:
            problems.append(invalid_value(path, value or "", "field is immutable"))
    problems += _status_problems(new)
    problems += _approval_problems(new, old)
    return problems


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change of the status."""
    del old
    names = (new.get("status") or {}).get("acceptedNames") or {}
    return list(_name_problems(names, "status.acceptedNames"))


def _is_established(obj: Object) -> bool:
    conditions = (obj.get("status") or {}).get("conditions") or ()
    return any(one["type"] == "Established" and one["status"] == "True" for one in conditions)


def _spec_problems(spec: Object) -> Iterator[FieldError]:
    yield from _group_and_scope_problems(spec)
    versions = spec.get("versions") or []
    shared = {name: _shared(versions, name) for name in _HOISTED}
    if shared["schema"] is None:
        for place, version in enumerate(versions):
            if _of(version, "schema", "openAPIV3Schema") is None:
                where = child(index("spec.versions", place), "schema", "openAPIV3Schema")
                yield required(where)
    for place, version in enumerate(versions):
        yield from _version_problems(version, index("spec.versions", place), shared)
    shown = [_shown(version, shared) for version in versions]
    names = [version.get("name") for version in versions]
    if len(set(names)) != len(names):
        yield invalid_value("spec.versions", shown, "must contain unique version names")
    if sum(bool(version.get("storage")) for version in versions) != 1:
        text = "must have exactly one version marked as storage version"
        yield invalid_value("spec.versions", shown, text)
    if versions and is_dns1035_label(names[0] or ""):
        text = ",".join(is_dns1035_label(names[0] or ""))
        yield invalid_value("spec.version", names[0], text)
    yield from _required_names(spec.get("names") or {})
    yield from _name_problems(spec.get("names") or {}, "spec.names")
    yield from _shared_problems(shared, versions)
    yield from _conversion_problems(spec.get("conversion"))


def _group_and_scope_problems(spec: Object) -> Iterator[FieldError]:
    group, scope = spec.get("group", ""), spec.get("scope", "")
    if not group:
        yield required("spec.group")
    elif is_dns1123_subdomain(group):
        yield invalid_value("spec.group", group, ",".join(is_dns1123_subdomain(group)))
    elif "." not in group:
        text = "should be a domain with at least one dot"
        yield invalid_value("spec.group", group, text)
    if not scope:
        yield required("spec.scope")
    elif scope not in ("Cluster", "Namespaced"):
        yield not_supported("spec.scope", scope, ("Cluster", "Namespaced"))


#: What moves to the spec when all versions have it alike.
_HOISTED = ("schema", "subresources", "additionalPrinterColumns", "selectableFields")


def _of(obj: Any, *path: str) -> Any:
    for name in path:
        obj = (obj or {}).get(name)
    return obj


def _shared(versions: list[Object], name: str) -> Any:
    """What all versions have alike; None when they differ or have nothing."""
    found = [version.get(name) for version in versions]
    return found[0] if found and all(one == found[0] for one in found) else None


def _shown(version: Object, shared: dict[str, Any]) -> Object:
    """A version as problems show it: with the field names of upstream's own type."""
    own = {name: version.get(name) if shared[name] is None else None for name in _HOISTED}
    return {
        "Name": version.get("name", ""),
        "Served": bool(version.get("served")),
        "Storage": bool(version.get("storage")),
        "Deprecated": bool(version.get("deprecated")),
        "DeprecationWarning": version.get("deprecationWarning"),
        "Schema": own["schema"],
        "Subresources": own["subresources"],
        "AdditionalPrinterColumns": own["additionalPrinterColumns"],
        "SelectableFields": own["selectableFields"],
    }


def _version_problems(version: Object, path: str, shared: dict[str, Any]) -> Iterator[FieldError]:
    name = version.get("name", "")
    if is_dns1035_label(name):
        yield invalid_value(child(path, "name"), name, ",".join(is_dns1035_label(name)))
    warning = version.get("deprecationWarning")
    for text in _warning_problems(bool(version.get("deprecated")), warning):
        yield invalid_value(child(path, "deprecationWarning"), warning, text)
    if shared["schema"] is None:
        schema = _of(version, "schema", "openAPIV3Schema")
        has_status = _of(version, "subresources", "status") is not None
        if schema is not None:
            where = child(path, "schema", "openAPIV3Schema")
            yield from schema_problems(schema, where, has_status=has_status)
    if shared["subresources"] is None:
        yield from _scale_problems(version.get("subresources"), child(path, "subresources"))
    if shared["additionalPrinterColumns"] is None:
        where = child(path, "additionalPrinterColumns")
        yield from _column_problems(version.get("additionalPrinterColumns"), where)
    if shared["selectableFields"] is None:
        schema = _of(version, "schema", "openAPIV3Schema") or {}
        where = child(path, "selectableFields")
        yield from _selectable_problems(version.get("selectableFields"), schema, where)


def _shared_problems(shared: dict[str, Any], versions: list[Object]) -> Iterator[FieldError]:
    schema = _of(shared["schema"], "openAPIV3Schema")
    if schema is not None:
        has_status = any(_of(one, "subresources", "status") is not None for one in versions)
        where = "spec.validation.openAPIV3Schema"
        yield from schema_problems(schema, where, has_status=has_status)
    yield from _scale_problems(shared["subresources"], "spec.subresources")
    columns = shared["additionalPrinterColumns"]
    yield from _column_problems(columns, "spec.additionalPrinterColumns")
    yield from _selectable_problems(
        shared["selectableFields"], schema or {}, "spec.selectableFields"
    )


def _warning_problems(is_deprecated: bool, warning: str | None) -> list[str]:
    if warning is None:
        return []
    if not is_deprecated:
        return ["can only be set for deprecated versions"]
    problems = []
    if len(warning) > 256:
        problems.append("must be <= 256 characters long")
    if not warning:
        problems.append("must not be an empty string")
    for place, sign in enumerate(warning):
        if not sign.isprintable():
            problems.append(
                "must only contain printable UTF-8 characters; non-printable character found at "
                f"index {place}"
            )
            break
    return problems


def _required_names(names: Object) -> Iterator[FieldError]:
    for field in ("plural", "singular", "kind", "listKind"):
        if not names.get(field):
            yield required(f"spec.names.{field}")


def _name_problems(names: Object, path: str) -> Iterator[FieldError]:
    for field in ("plural", "singular"):
        name = names.get(field, "")
        if name and is_dns1035_label(name):
            yield invalid_value(child(path, field), name, ",".join(is_dns1035_label(name)))
    for field in ("kind", "listKind"):
        name = names.get(field, "")
        problems = is_dns1035_label(name.lower())
        if name and problems:
            text = f"may have mixed case, but should otherwise match: {','.join(problems)}"
            yield invalid_value(child(path, field), name, text)
    yield from _label_problems(names.get("shortNames"), child(path, "shortNames"))
    kind = names.get("kind")
    if kind and kind == names.get("listKind"):
        text = "kind and listKind may not be the same"
        yield invalid_value(child(path, "listKind"), kind, text)
    yield from _label_problems(names.get("categories"), child(path, "categories"))


def _label_problems(words: list[str] | None, path: str) -> Iterator[FieldError]:
    for place, word in enumerate(words or ()):
        if is_dns1035_label(word):
            yield invalid_value(index(path, place), word, ",".join(is_dns1035_label(word)))


def _scale_problems(parts: Object | None, path: str) -> Iterator[FieldError]:
    scale = (parts or {}).get("scale")
    if scale is None:
        return
    for field, start in (("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.")):
        value, where = scale.get(field, ""), f"{path}.scale.{field}"
        if not value:
            yield required(where)
        elif not value.startswith("."):
            yield invalid_value(where, value, "must be a simple json path starting with .")
        elif not value.startswith(start):
            yield invalid_value(where, value, f"should be a json path under {start[:-1]}")
    selector, where = scale.get("labelSelectorPath"), f"{path}.scale.labelSelectorPath"
    if selector and not selector.startswith("."):
        yield invalid_value(where, selector, "must be a simple json path starting with .")
    elif selector and not selector.startswith((".spec.", ".status.")):
        text = "should be a json path under either .spec or .status"
        yield invalid_value(where, selector, text)


def _column_problems(columns: list[Object] | None, path: str) -> Iterator[FieldError]:
    for place, column in enumerate(columns or ()):
        where = index(path, place)
        if not column.get("name"):
            yield required(child(where, "name"))
        types, type_ = f"must be one of {','.join(_COLUMN_TYPES)}", column.get("type", "")
        if not type_:
            yield required(child(where, "type"), types)
        elif type_ not in _COLUMN_TYPES:
            yield invalid_value(child(where, "type"), type_, types)
        format_ = column.get("format", "")
        if format_ and format_ not in _COLUMN_FORMATS:
            text = f"must be one of {','.join(_COLUMN_FORMATS)}"
            yield invalid_value(child(where, "format"), format_, text)
        json_path = column.get("jsonPath", "")
        if not json_path:
            yield required(child(where, "JSONPath"))
        elif not json_path.startswith("."):
            text = "must be a simple json path starting with ."
            yield invalid_value(child(where, "JSONPath"), json_path, text)


def _selectable_problems(
    fields: list[Object] | None, schema: Object, path: str
) -> Iterator[FieldError]:
    known: set[str] = set()
    for place, item in enumerate(fields or ()):
        where = child(index(path, place), "jsonPath")
        json_path = item.get("jsonPath", "")
        if not json_path:
            yield required(where)
            continue
        found: Any = schema
        for step in json_path.removeprefix(".").split("."):
            found = _of(found, "properties", step)
        if json_path.startswith(".metadata"):
            yield invalid_value(where, json_path, "must not point to fields in metadata")
        if (found or {}).get("type") not in ("string", "boolean", "integer"):
            text = (
                "must point to a field of type string, boolean or integer. Enum string fields and "
                "strings with formats are allowed."
            )
            yield invalid_value(where, json_path, text)
        if json_path in known:
            yield FieldError("FieldValueDuplicate", where, json_path, "")
        known.add(json_path)
    if len(known) > _SELECTABLE_MAX:
        text = f"must have at most {_SELECTABLE_MAX} items"
        yield FieldError("FieldValueTooMany", path, len(known), text)


def _conversion_problems(conversion: Object | None) -> Iterator[FieldError]:
    if conversion is None:
        return
    strategy, path = conversion.get("strategy", ""), "spec.conversion"
    webhook = conversion.get("webhook") or {}
    if not strategy:
        yield required(f"{path}.strategy")
    elif strategy not in ("None", "Webhook"):
        yield not_supported(f"{path}.strategy", strategy, ("None", "Webhook"))
    if strategy == "Webhook":
        config = webhook.get("clientConfig")
        if config is None:
            text = "required when strategy is set to Webhook"
            yield required(f"{path}.webhookClientConfig", text)
        elif ("url" in config) == ("service" in config):
            text = "exactly one of url or service is required"
            yield required(f"{path}.webhookClientConfig", text)
        if not webhook.get("conversionReviewVersions"):
            yield required(f"{path}.conversionReviewVersions")
    else:
        text = "should not be set when strategy is not set to Webhook"
        if webhook.get("clientConfig"):
            yield forbidden_field(f"{path}.webhookClientConfig", text)
        if webhook.get("conversionReviewVersions"):
            yield forbidden_field(f"{path}.conversionReviewVersions", text)


def _status_problems(obj: Object) -> Iterator[FieldError]:
    """The versions in which objects may be stored are all known."""
    status = obj.get("status") or {}
    yield from _name_problems(status.get("acceptedNames") or {}, "status.acceptedNames")
    stored, path = status.get("storedVersions") or [], "status.storedVersions"
    if not stored:
        text = "must have at least one stored version"
        yield invalid_value(path, status.get("storedVersions") or None, text)
        return
    versions = (obj.get("spec") or {}).get("versions") or ()
    for version in versions:
        if version.get("storage") and version.get("name") not in stored:
            text = f"must have the storage version {version.get('name')}"
            yield invalid_value(path, stored, text)
    names = [version.get("name") for version in versions]
    for place, name in enumerate(stored):
        if name not in names:
            text = (
                f"missing from spec.versions; {name} was previously a storage version, and must "
                "remain in spec.versions until a storage migration ensures no data remains "
                f"persisted in {name} and removes {name} from status.storedVersions"
            )
            yield invalid_value(index(path, place), name, text)


def _approval_problems(new: Object, old: Object | None) -> Iterator[FieldError]:
    """Groups of the community are for what it approved of."""
    group = (new.get("spec") or {}).get("group", "")
    if not any(group == own or group.endswith(f".{own}") for own in ("k8s.io", "kubernetes.io")):
        return
    given = _approval_of(new)
    if old is not None and given == _approval_of(old):
        return
    path = f"metadata.annotations[{_APPROVAL}]"
    see = "see https://github.com/kubernetes/enhancements/pull/1111"
    if not given:
        text = f'protected groups must have approval annotation "{_APPROVAL}", {see}'
        yield required(path, text)
    elif not given.startswith("unapproved") and not _is_url(given):
        text = (
            f'protected groups must have approval annotation "{_APPROVAL}" with either a URL or a '
            f'reason starting with "unapproved", {see}'
        )
        yield invalid_value(path, given, text)


def _approval_of(obj: Object) -> str:
    return str((obj["metadata"].get("annotations") or {}).get(_APPROVAL, ""))


def _is_url(text: str) -> bool:
    parts = urlsplit(text)
    return bool(parts.scheme and parts.netloc)
