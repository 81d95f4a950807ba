"""The type of a value as far as patches must know it: is it a map, a list, a scalar, how are two
of them merged, which type has a field or an item.

A `Shape` is made from an OpenAPI document (a published definition or the schema of a custom
resource) and makes the shapes below it when first asked. `schema` offers them by kind. Shapes are
immutable for their users and may be shared by all clusters of a process.

Models: k8s.io/kube-openapi/pkg/schemaconv, sigs.k8s.io/structured-merge-diff/v6/schema and the
LookupPatchMeta of k8s.io/apimachinery/pkg/util/strategicpatch (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Document: TypeAlias = Mapping[str, Any]
#: Gives the document that a `$ref` names; KeyError when there is none.
Resolver: TypeAlias = Callable[[str], Document]

#: Scalar types; UNTYPED takes any scalar, "" stands for no scalar at all.
STRING, NUMERIC, BOOLEAN, UNTYPED = "string", "numeric", "boolean", "untyped"

_SCALARS = {"integer": NUMERIC, "number": NUMERIC, "boolean": BOOLEAN}
_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"


class Shape:
    """One type. What it may be: a scalar (`scalar`), a list (`is_list`), a map (`is_map`), or any
    of them when the document says nothing."""

    __slots__ = (
        "_document",
        "_fields",
        "_item",
        "_resolver",
        "is_atomic_list",
        "is_atomic_map",
        "is_list",
        "is_map",
        "list_keys",
        "merge_key",
        "name",
        "scalar",
        "strategies",
    )

    def __init__(self, document: Document, resolver: Resolver, name: str = "") -> None:
        outer, document, name = _resolved(document, resolver, name)
        self._document = document
        self._resolver = resolver
        self._fields: dict[str, Shape | None] = {}
        self._item: Shape | None = None
        self.name = name
        type_ = document.get("type", "")
        self.scalar = _scalar(type_, document, name)
        self.is_list = type_ in ("array", "") and self.scalar in ("", UNTYPED)
        self.is_map = type_ in ("object", "") and self.scalar in ("", UNTYPED)
        #: Keys of a list whose items are maps; without keys and not atomic it is a set.
        self.is_atomic_list, self.list_keys = _list_rule(outer, document)
        self.is_atomic_map = _map_rule(outer, document)
        strategy = outer.get("x-kubernetes-patch-strategy", "")
        #: Strategic merge: "merge", "replace", "retainKeys" as given for this field.
        self.strategies: tuple[str, ...] = tuple(strategy.split(",")) if strategy else ()
        self.merge_key: str = outer.get("x-kubernetes-patch-merge-key", "")

    def declares(self, name: str) -> bool:
        """Whether the map has a field of that name by type (a struct's field)."""
        return name in self._document.get("properties", ())

    def field(self, name: str) -> Shape | None:
        """The shape of a field or of a map's value; None when the type has no place for it."""
        try:
            return self._fields[name]
        except KeyError:
            found = self._fields[name] = self._make_field(name)
            return found

    def item(self) -> Shape:
        """The shape of a list's items."""
        if self._item is None:
            items = self._document.get("items")
            self._item = FREE_ITEM if items is None else Shape(items, self._resolver)
        return self._item

    def key_default(self, name: str) -> Any:
        """What stands in for an item's missing key; None for nothing."""
        declared = self.item()._document.get("properties", {}).get(name, {})
        if "default" in declared:
            return declared["default"]
        return "TCP" if name == "protocol" else None

    def _make_field(self, name: str) -> Shape | None:
        properties = self._document.get("properties")
        if properties and name in properties:
            return Shape(properties[name], self._resolver)
        values = self._document.get("additionalProperties")
        if isinstance(values, Mapping):
            # All values of a map share one shape.
            shared = self._fields.get("")
            if shared is None:
                shared = self._fields[""] = Shape(values, self._resolver)
            return shared
        if values is True or (values is None and not properties):
            return FREE
        if self._document.get("x-kubernetes-preserve-unknown-fields"):
            return FREE
        return None


def _resolved(document: Document, resolver: Resolver, name: str) -> tuple[Document, Document, str]:
    """The document as it stands at its field, the one it refers to, and that one's name."""
    outer = document
    for part in document.get("allOf", ()):
        if "$ref" in part:
            document = {**document, "$ref": part["$ref"]}
    if "$ref" not in document:
        return outer, document, name
    name = document["$ref"].rsplit("/", 1)[-1]
    return outer, resolver(name), name


def _scalar(type_: str, document: Document, name: str) -> str:
    if name == _QUANTITY or document.get("x-kubernetes-int-or-string"):
        return UNTYPED
    if type_ == "string":
        return STRING if not document.get("format") else UNTYPED
    if type_ == "":
        return UNTYPED
    return _SCALARS.get(type_, "")


def _list_rule(outer: Document, document: Document) -> tuple[bool, tuple[str, ...]]:
    """Whether the list is atomic, and its keys."""
    for source in (outer, document):
        rule = source.get("x-kubernetes-list-type")
        if rule == "map":
            return False, tuple(source.get("x-kubernetes-list-map-keys", ()))
        if rule in ("set", "atomic"):
            return rule == "atomic", ()
        if "merge" in source.get("x-kubernetes-patch-strategy", "").split(","):
            key = source.get("x-kubernetes-patch-merge-key")
            return False, (key,) if key else ()
    return True, ()


def _map_rule(outer: Document, document: Document) -> bool:
    rule = outer.get("x-kubernetes-map-type") or document.get("x-kubernetes-map-type")
    return rule == "atomic"


def _no_reference(name: str) -> Document:
    raise KeyError(name)


#: Anything at all: maps merge key by key, lists are atomic.
FREE = Shape({}, _no_reference)
#: Items of a list of anything.
FREE_ITEM = Shape({"x-kubernetes-map-type": "atomic"}, _no_reference)
