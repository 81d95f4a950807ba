"""Small values as descriptions print them: times, booleans, lists, taints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from cluster_engine.apimachinery.json_text import go_float
from cluster_engine.apimachinery.objects import Object, controller_of
from cluster_engine.apimachinery.quantity import QuantityError, canonical
from cluster_engine.apimachinery.time import human_duration, parse_rfc3339

_NO_TIME = "Mon, 01 Jan 0001 00:00:00 +0000"


def timestamp(text: str | None) -> str:
    """RFC 1123 with a numeric zone: "Tue, 24 Nov 2026 12:00:00 +0000"."""
    if not text:
        return _NO_TIME
    return format_datetime(datetime.fromtimestamp(parse_rfc3339(text) // 1000, UTC))


def since(text: str | None, now_ms: int) -> str:
    """How long ago; "<unknown>" without a time."""
    if not text:
        return "<unknown>"
    return human_duration((now_ms - parse_rfc3339(text)) // 1000)


def capitalized_bool(value: Any) -> str:
    return "True" if value else "False"


def optional_bool(value: bool | None) -> str:
    return "<unset>" if value is None else capitalized_bool(value)


def lower_bool(value: Any) -> str:
    return "true" if value else "false"


def or_none(text: str) -> str:
    return text or "<none>"


def bracketed(items: Iterable[Any] | None) -> str:
    """A list as Go prints it: "[a b]"."""
    return "[" + " ".join(go_value(item) for item in items or ()) + "]"


def go_value(value: Any) -> str:
    """A JSON value as Go's %v prints it."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return lower_bool(value)
    if isinstance(value, float):
        return go_float(value)
    if isinstance(value, list):
        return bracketed(value)
    if isinstance(value, dict):
        inside = " ".join(f"{key}:{go_value(item)}" for key, item in sorted(value.items()))
        return f"map[{inside}]"
    return str(value)


def quantity(value: Any) -> str:
    """Canonical text; nothing is 0."""
    if value is None:
        return "0"
    try:
        return canonical(value)
    except QuantityError:
        return str(value)


def controlled_by(obj: Object) -> str:
    """ "ReplicaSet/web-7d9f"; empty when nothing controls it."""
    owner = controller_of(obj)
    return f"{owner['kind']}/{owner['name']}" if owner else ""


def reference_text(reference: Mapping[str, Any] | None, type_: str) -> str:
    """A pointer to a small struct as Go prints it."""
    if reference is None:
        return "nil"
    fields = [f"Name:{reference.get('name', '')},"]
    if type_ == "SecretReference":
        fields.append(f"Namespace:{reference.get('namespace', '')},")
    return f"&{type_}{{{''.join(fields)}}}"


def taint_text(taint: Object) -> str:
    """ "key=value:Effect"."""
    key, value, effect = taint.get("key", ""), taint.get("value", ""), taint.get("effect", "")
    if not effect:
        return f"{key}={value}:" if value else key
    return f"{key}={value}:{effect}" if value else f"{key}:{effect}"


def toleration_text(toleration: Object) -> str:
    """ "key=value:Effect op=Exists for 300s"."""
    key, value = toleration.get("key", ""), toleration.get("value", "")
    effect = toleration.get("effect", "")
    text = key
    if value:
        text += f"={value}"
    if effect:
        text += f":{effect}"
    if toleration.get("operator") == "Exists" and not value:
        text += " op=Exists" if key or effect else "op=Exists"
    seconds = toleration.get("tolerationSeconds")
    return text if seconds is None else f"{text} for {seconds}s"


def access_modes(modes: Iterable[str] | None) -> str:
    """ "RWO,ROX", always in that order."""
    short = {
        "ReadWriteOnce": "RWO",
        "ReadOnlyMany": "ROX",
        "ReadWriteMany": "RWX",
        "ReadWriteOncePod": "RWOP",
    }
    given = set(modes or ())
    return ",".join(text for mode, text in short.items() if mode in given)
