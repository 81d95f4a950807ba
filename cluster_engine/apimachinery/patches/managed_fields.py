"""Entries of `metadata.managedFields`: who set which fields, and how a write changes that.

`after_update` is a pure function of what was and what is, so that a server may note a write and
work out its entries when somebody looks.

Models: k8s.io/apimachinery/pkg/util/managedfields/internal and
sigs.k8s.io/structured-merge-diff/v6/merge/update.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches import field_sets as fs
from cluster_engine.apimachinery.patches.field_sets import FieldSet
from cluster_engine.apimachinery.patches.shapes import Shape
from cluster_engine.apimachinery.patches.typed import Comparison, compare

APPLY, UPDATE = "Apply", "Update"
#: More entries of updates than this are merged, oldest first.
UPDATE_ENTRIES_MAX = 10
_ANCIENT = "ancient-changes"
BEFORE_FIRST_APPLY = "before-first-apply"

#: Fields that belong to nobody.
STRIPPED = fs.of_paths(
    ("f:apiVersion",),
    ("f:kind",),
    ("f:metadata",),
    *(
        ("f:metadata", f"f:{name}")
        for name in (
            "name",
            "namespace",
            "creationTimestamp",
            "selfLink",
            "uid",
            "clusterName",
            "generation",
            "managedFields",
            "resourceVersion",
        )
    ),
)


class Types(Protocol):
    """What field management must know of one kind."""

    def shape(self, api_version: str) -> Shape | None:
        """The type in that version; None when it is not served (any more)."""

    def convert(self, obj: Object, api_version: str) -> Object:
        """The object in another served version. Must not change the one given."""

    def blank(self, api_version: str) -> Object:
        """What an object without any field set still has ({"metadata": {}, "spec": {}} …)."""


@dataclass(frozen=True, slots=True)
class OneShape:
    """`Types` of a kind whose versions, if it has several, all have one shape."""

    type: Shape
    empty: Object

    def shape(self, api_version: str) -> Shape | None:
        return self.type

    def convert(self, obj: Object, api_version: str) -> Object:
        return obj if obj.get("apiVersion") == api_version else {**obj, "apiVersion": api_version}

    def blank(self, api_version: str) -> Object:
        return self.empty


@dataclass(frozen=True, slots=True)
class Entry:
    """One manager's fields. Its identity is everything but time and fields; the version counts
    for updates only."""

    manager: str
    operation: str
    api_version: str
    subresource: str = ""
    time: str | None = None
    fields: FieldSet = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, str, str, str]:
        version = "" if self.operation == APPLY else self.api_version
        return (self.manager, self.operation, version, self.subresource)


@dataclass(frozen=True, slots=True)
class Write:
    """Who writes, how and when. `ignored` fields are reset by the API and count for nobody."""

    manager: str
    api_version: str
    time: str
    subresource: str = ""
    ignored: FieldSet = field(default_factory=dict)

    def identity(self, operation: str) -> tuple[str, str, str, str]:
        version = "" if operation == APPLY else self.api_version
        return (self.manager or "unknown", operation, version, self.subresource)


def decode(managed: Any) -> list[Entry]:
    """Entries from `metadata.managedFields`. Raises ValueError with upstream's text."""
    found = []
    for position, item in enumerate(managed or ()):
        if item.get("operation") not in (APPLY, UPDATE):
            raise ValueError("operation must be `Apply` or `Update`")
        if not item.get("apiVersion"):
            raise ValueError("apiVersion must not be empty")
        if item.get("fieldsType") != "FieldsV1":
            kind = item.get("fieldsType")
            problem = f'invalid fieldsType "{kind}"' if kind else "missing fieldsType"
            raise ValueError(f"{problem} in managed fields entry {position}")
        found.append(_entry(item))
    return found


def _entry(item: Object) -> Entry:
    return Entry(
        item.get("manager", ""),
        item["operation"],
        item["apiVersion"],
        item.get("subresource", ""),
        item.get("time"),
        fs.from_json(item.get("fieldsV1") or {}),
    )


def encode(entries: Iterable[Entry]) -> list[Object]:
    """As they stand in `metadata.managedFields`, in upstream's order."""
    return [_encoded(entry) for entry in sorted(entries, key=_order)]


def _order(entry: Entry) -> tuple[str, str, str, str, str]:
    time = entry.time or ""
    return (entry.operation, time, entry.manager, entry.api_version, entry.subresource)


def _encoded(entry: Entry) -> Object:
    item: Object = {}
    if entry.manager:
        item["manager"] = entry.manager
    item["operation"] = entry.operation
    item["apiVersion"] = entry.api_version
    if entry.time is not None:
        item["time"] = entry.time
    item["fieldsType"] = "FieldsV1"
    item["fieldsV1"] = fs.in_order(entry.fields)
    if entry.subresource:
        item["subresource"] = entry.subresource
    return item


def is_reset(managed: Any) -> bool:
    """Whether a client asks to forget all managers: an empty list, or one empty entry."""
    return isinstance(managed, list) and (not managed or managed == [{}])


def sent_or_live(sent: Any, live: Sequence[Entry]) -> list[Entry]:
    """The entries a write to the main resource starts from: the client's own when it sent some
    that make sense, else the live object's."""
    if is_reset(sent):
        return []
    try:
        found = decode(sent)
    except (ValueError, AttributeError):
        found = []
    return found or list(live)


def after_update(
    entries: Sequence[Entry], before: Object | None, after: Object, types: Types, write: Write
) -> list[Entry]:
    """The entries after a create, update or patch. `before` is None for a create; an object that
    has no entries by then is not tracked."""
    if before is not None and not entries:
        return []
    blank = types.blank(write.api_version)
    old = overlay(blank, types.convert(before, write.api_version)) if before else blank
    new = overlay(blank, types.convert(after, write.api_version))
    shape = types.shape(write.api_version)
    if shape is None:
        return list(entries)
    difference = compare(old, new, shape).without(write.ignored)
    others = without_taken(entries, difference, old, new, types, write.api_version)
    taken = fs.union(difference.modified, difference.added)
    taken = fs.difference(fs.recursive_difference(taken, write.ignored), STRIPPED)
    if not taken:
        return others
    mine = Entry(
        write.manager or "unknown",
        UPDATE,
        write.api_version,
        write.subresource,
        write.time,
        taken,
    )
    return _capped(_joined(others, mine))


def without_taken(
    entries: Sequence[Entry],
    difference: Comparison,
    old: Object,
    new: Object,
    types: Types,
    api_version: str,
    keep: tuple[str, str, str, str] | None = None,
) -> list[Entry]:
    """Entries without fields that changed or went; only the one named by `keep` stays as it is."""
    kept = []
    by_version = {api_version: difference}
    for entry in entries:
        if entry.identity == keep:
            kept.append(entry)
            continue
        seen = by_version.get(entry.api_version)
        if seen is None:
            shape = types.shape(entry.api_version)
            if shape is None:
                continue
            seen = by_version[entry.api_version] = compare(
                types.convert(old, entry.api_version),
                types.convert(new, entry.api_version),
                shape,
            )
        fields = entry.fields
        for gone in seen:
            fields = fs.difference(fields, gone)
        if fields:
            kept.append(entry if fields is entry.fields else replace(entry, fields=fields))
    return kept


def _joined(entries: list[Entry], mine: Entry) -> list[Entry]:
    """The list with one more entry, united with the same manager's earlier one."""
    for position, entry in enumerate(entries):
        if entry.identity == mine.identity:
            united = replace(mine, fields=fs.union(mine.fields, entry.fields))
            return [*entries[:position], united, *entries[position + 1 :]]
    return [*entries, mine]


def _capped(entries: list[Entry]) -> list[Entry]:
    """At most UPDATE_ENTRIES_MAX entries of updates: the oldest of a version become one."""
    updates = sorted(
        (entry for entry in entries if entry.operation == UPDATE),
        key=lambda entry: (entry.time or "", entry.identity),
    )
    excess = len(updates) - UPDATE_ENTRIES_MAX
    if excess <= 0:
        return entries
    kept = [entry for entry in entries if entry.operation != UPDATE]
    buckets: dict[str, Entry] = {}
    merged: set[str] = set()
    for entry in updates:
        first = buckets.get(entry.api_version)
        if excess > 0 and first is not None:
            merged.add(entry.api_version)
            buckets[entry.api_version] = Entry(
                _ANCIENT,
                UPDATE,
                entry.api_version,
                "",
                entry.time,
                fs.union(entry.fields, first.fields),
            )
            excess -= 1
        elif first is None and excess > 0:
            buckets[entry.api_version] = entry
        else:
            kept.append(entry)
    return [*kept, *buckets.values()]


def overlay(blank: Object, obj: Object) -> Object:
    """The object with what it leaves out of the blank one filled in."""
    filled = obj
    for name, value in blank.items():
        held = obj.get(name)
        if held is None and name not in obj:
            new = value
        elif isinstance(value, dict) and value and isinstance(held, dict):
            new = overlay(value, held)
        else:
            continue
        if new is not held:
            filled = dict(filled) if filled is obj else filled
            filled[name] = new
    return filled
