"""Which objects a list or watch is about: namespace, label selector, field selector."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apimachinery.errors import bad_request
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import (
    EVERYTHING,
    FieldSelector,
    Selector,
    SelectorError,
    parse_field_selector,
    parse_label_selector,
)
from cluster_engine.kinds.kind import Kind

_NO_FIELDS = FieldSelector()


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter on objects of one kind."""

    kind: Kind
    #: Empty: all namespaces.
    namespace: str = ""
    labels: Selector = EVERYTHING
    fields: FieldSelector = _NO_FIELDS

    @property
    def is_everything(self) -> bool:
        """Whether only the namespace limits it."""
        return self.labels.is_everything and not self.fields.terms

    def matches(self, obj: Object) -> bool:
        """Whether an object of that kind is selected. The namespace counts too."""
        metadata = obj["metadata"]
        if self.namespace and metadata.get("namespace") != self.namespace:
            return False
        if not self.labels.is_everything and not self.labels.matches(metadata.get("labels")):
            return False
        return not self.fields.terms or self.fields.matches(lambda path: self._field(obj, path))

    def _field(self, obj: Object, path: str) -> str:
        if path == "metadata.name":
            return str(obj["metadata"].get("name", ""))
        if path == "metadata.namespace":
            return str(obj["metadata"].get("namespace", ""))
        return self.kind.field_selectors[path](obj)


def select(kind: Kind, namespace: str, labels: str, fields: str) -> Selection:
    """Parse both selectors. Raises ApiError 400 with upstream's text."""
    try:
        label_selector = parse_label_selector(labels) if labels else EVERYTHING
        field_selector = parse_field_selector(fields) if fields else _NO_FIELDS
    except SelectorError as error:
        raise bad_request(str(error)) from None
    known = {"metadata.name", *kind.field_selectors}
    if kind.is_namespace_selectable:
        known.add("metadata.namespace")
    for term in field_selector.terms:
        if term.field not in known:
            raise bad_request(_unknown_field(kind, term.field))
    return Selection(kind, namespace, label_selector, field_selector)


def _unknown_field(kind: Kind, path: str) -> str:
    if not kind.field_selectors and kind.types is None:
        text = f'"{path}" is not a known field selector'
        return f'{text}: only "metadata.name", "metadata.namespace"'
    return kind.unknown_field.format(path)
