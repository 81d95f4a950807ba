"""Which API path serves which kind: known for the built-in kinds, written down for others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cluster_engine.kinds.registry import KINDS
from playground.lessons.checks.reader import part
from playground.lessons.format.fields import Fields


@dataclass(frozen=True, slots=True)
class Resource:
    """A collection of objects."""

    #: "/api/v1" or "/apis/<group>/<version>".
    base: str
    plural: str
    kind: str
    namespace: str

    def collection(self) -> str:
        """The path of the objects."""
        place = f"/namespaces/{part(self.namespace)}" if self.namespace else ""
        return f"{self.base}{place}/{self.plural}"

    def object(self, name: str) -> str:
        """The path of one object."""
        return f"{self.collection()}/{part(name)}"

    def words(self, name: str = "") -> str:
        """The object in a sentence: "deployment web"."""
        word = self.kind if self.kind.isupper() else self.kind[:1].lower() + self.kind[1:]
        return f"{word} {name}".strip()


def read_resource(fields: Fields) -> Resource:
    """The kind that fields name: `kind`, `namespace`, and of custom kinds `apiVersion`, `plural`
    and `clusterScoped`."""
    kind = fields.text("kind")
    api_version = fields.text("apiVersion", default="-")
    namespace = fields.text("namespace", default="default")
    plural = fields.text("plural", default="-")
    is_cluster_scoped = fields.flag("clusterScoped")
    for known in KINDS:
        group, _, version = api_version.rpartition("/")
        if known.kind != kind or (api_version != "-" and known.group != group):
            continue
        version = known.served_versions[0] if api_version == "-" else version
        if version not in known.served_versions:
            served = ", ".join(known.served_versions)
            fields.wrong("apiVersion", f"{kind} has no version {version!r}: give one of {served}")
        base = f"/apis/{known.group}/{version}" if known.group else f"/api/{version}"
        return Resource(base, known.plural, kind, namespace if known.namespaced else "")
    if kind and (api_version == "-" or plural == "-"):
        fields.wrong("kind", f"{kind!r} is no built-in kind: give apiVersion and plural too")
    base = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
    return Resource(base, plural, kind, "" if is_cluster_scoped else namespace)


def matches_name(name: str, pattern: str) -> bool:
    """Whether a name is the one that is meant; a star at the end stands for any rest."""
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    return name == pattern


def kind_names() -> Iterable[str]:
    """The built-in kinds."""
    return (kind.kind for kind in KINDS)
