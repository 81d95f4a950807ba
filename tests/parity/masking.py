"""What may differ between two servers is masked before answers are compared: ids, revisions, times,
addresses, generated names, tokens, ages. A value that was captured earlier keeps its name, so that
"the same revision as before" still shows.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
#: Times of the year 2001 are literals of the cases and stay.
_TIME = re.compile(r"(?!2001)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_GO_TIME = re.compile(
    r"(?!2001)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4} [A-Z]+(?: m=\S+)?"
)
_AGE = re.compile(r"(?:\d+[smhdy])+")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]+")
_POD_IP_CELL = re.compile(r"10\.\d+\.\d+\.\d+")
_NODE_PORT_CELL = re.compile(r":3[0-2]\d{3}/")
_TEXTS = (
    (_UUID, "<uid>"),
    (_TIME, "<time>"),
    (_GO_TIME, "<time>"),
    (
        re.compile(r"((?:ResourceVersion in (?:precondition|object meta)): )\d+"),
        r"\1<revision>",
    ),
    (re.compile(r"(ResourceVersion in (?:the precondition|record) )\(\d+\)"), r"\1(<revision>)"),
    (re.compile(r"(too old resource version: )\d+ \(\d+\)", re.I), r"\1<revision> (<revision>)"),
    (
        re.compile(r"(Too large resource version: )\d+(, current: )\d+", re.I),
        r"\1<revision>\2<revision>",
    ),
    (re.compile(r'(\\"resourceVersion\\":\\")\d+'), r"\1<revision>"),
    (re.compile(r"\b10\.96\.\d{1,3}\.\d{1,3}\b"), "<ip>"),
    (re.compile(r"kube-api-access-[a-z0-9]{5}\b"), "kube-api-access-<random>"),
    (re.compile(r"X509SHA256=[0-9a-f]+"), "X509SHA256=<hash>"),
    (re.compile(r"\?hash=[0-9A-F]+"), "?hash=<hash>"),
    (re.compile(r'("resourceVersion":\s*")\d+'), r"\1<revision>"),
    (re.compile(r'(resourceVersion: ")\d+"'), r'\1<revision>"'),
    (re.compile(r"(serverAddress: )\S+"), r"\1<server>"),
)
_BUILD_KEYS = frozenset(
    "gitCommit gitTreeState buildDate goVersion compiler platform gitVersion".split()
)
_GENERATED_LENGTH_MAX = 58


@dataclass(slots=True)
class Memory:
    """What a conversation has told so far."""

    values: dict[str, Any] = field(default_factory=dict)
    #: Names of captured values that came from a list: a revision of a list names no object.
    of_lists: set[str] = field(default_factory=set)
    generated: list[tuple[str, str]] = field(default_factory=list)

    def note_generated(self, value: Any) -> None:
        """Remember generated names, to mask them wherever they occur."""
        if isinstance(value, dict):
            self._note_name(value.get("metadata"))
            for part in value.values():
                self.note_generated(part)
        elif isinstance(value, list):
            for part in value:
                self.note_generated(part)

    def _note_name(self, metadata: Any) -> None:
        if not isinstance(metadata, dict) or not metadata.get("generateName"):
            return
        stem = metadata["generateName"][:_GENERATED_LENGTH_MAX]
        name = metadata.get("name", "")
        entry = (name, f"{stem}<random>")
        if name.startswith(stem) and len(name) > len(stem) and entry not in self.generated:
            self.generated.append(entry)

    def name_of(self, kind: str, value: str) -> str:
        """The mask of an id or revision, with the name under which it was captured."""
        for name, known in self.values.items():
            if known == value and value != "0" and name not in self.of_lists:
                return f"<{kind}={name}>"
        return f"<{kind}>"


def mask_text(text: str, memory: Memory) -> str:
    """A text without what differs."""
    for whole, masked in memory.generated:
        text = text.replace(whole, masked)
    for pattern, replacement in _TEXTS:
        text = pattern.sub(replacement, text)
    return text


def mask(
    value: Any, memory: Memory, *, keeps_managers: bool, key: str = "", parent: Any = None
) -> Any:
    """An answer's body without what differs."""
    if isinstance(value, list):
        return [mask(part, memory, keeps_managers=keeps_managers) for part in value]
    if isinstance(value, str):
        return mask_text(value, memory)
    if not isinstance(value, dict):
        return value
    if value.get("type") == "BOOKMARK":
        bare = Memory(generated=memory.generated)
        shown = mask(value.get("object"), bare, keeps_managers=keeps_managers)
        return {"type": "BOOKMARK", "object": shown}
    masked = {}
    is_table = value.get("kind") == "Table"
    for name, part in value.items():
        if name == "managedFields" and isinstance(part, list):
            if keeps_managers:
                masked[name] = _managers(part, memory)
        elif name == "rows" and is_table:
            masked[name] = [_row(row, memory, keeps_managers) for row in part]
        elif (short := _short(name, part, value, memory, key, parent)) is not None:
            masked[name] = short
        else:
            masked[mask_text(name, memory)] = mask(
                part, memory, keeps_managers=keeps_managers, key=name, parent=value
            )
    return masked


def _short(
    name: str, part: Any, owner: dict[str, Any], memory: Memory, key: str, parent: Any
) -> Any:
    """The mask of a field that is masked as a whole; None when it is not."""
    if name == "uid" and isinstance(part, str) and _UUID.fullmatch(part):
        return memory.name_of("uid", part)
    if name == "resourceVersion" and isinstance(part, str) and part.isdigit() and part != "0":
        is_list = key == "metadata" and _is_list(parent)
        return "<revision>" if is_list else memory.name_of("revision", part)
    if name in ("continue", "token") and isinstance(part, str) and part:
        return f"<{name}>"
    if name in ("nodePort", "healthCheckNodePort") and isinstance(part, int):
        return 0
    if name == "clusterIP" and isinstance(part, str) and _IP.fullmatch(part):
        return "<ip>"
    if name == "clusterIPs" and isinstance(part, list):
        return ["<ip>" if isinstance(ip, str) and _IP.fullmatch(ip) else ip for ip in part]
    if name == "serverAddress":
        return "<server>"
    if name in _BUILD_KEYS and "gitVersion" in owner:
        return "<build>"
    return None


def _is_list(value: Any) -> bool:
    return isinstance(value, dict) and any(
        isinstance(value.get(name), list) for name in ("items", "rows")
    )


def _managers(entries: list[Any], memory: Memory) -> list[Any]:
    """Managed fields, in an order of our own: theirs goes by time."""
    shown = [mask(entry, memory, keeps_managers=True) for entry in entries]
    names = ("operation", "subresource", "manager", "apiVersion", "fieldsV1")
    return sorted(
        shown, key=lambda entry: json.dumps([entry.get(name, "") for name in names], sort_keys=True)
    )


def _row(row: Any, memory: Memory, keeps_managers: bool) -> Any:
    masked = mask(row, memory, keeps_managers=keeps_managers)
    if isinstance(masked, dict) and isinstance(masked.get("cells"), list):
        masked["cells"] = [_cell(cell) for cell in masked["cells"]]
    return masked


def _cell(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    if _AGE.fullmatch(cell):
        return "<age>"
    if _POD_IP_CELL.fullmatch(cell):
        return "<ip>"
    return _NODE_PORT_CELL.sub(":0/", cell)
