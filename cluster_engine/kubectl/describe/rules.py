"""Rules of roles as people read them: one line per resource, with all its verbs.

Models: k8s.io/kubectl/pkg/util/rbac (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.describe.words import bracketed


@dataclass(slots=True)
class Rule:
    """Verbs on one resource, one name of it, or one URL."""

    group: str = ""
    resource: str = ""
    name: str = ""
    url: str = ""
    verbs: list[str] = field(default_factory=list)

    def sort_key(self) -> str:
        """As Go prints the rule."""
        groups = "" if self.url else self.group
        return (
            f"Verbs:{bracketed(self.verbs)},APIGroups:[{groups}],Resources:[{self.resource}],"
            f"ResourceNames:[{self.name}],NonResourceURLs:[{self.url}],"
        )

    def cells(self) -> tuple[str, str, str, str]:
        """Resources, URLs, names, verbs."""
        return (
            self.resource_text(),
            f"[{self.url}]",
            f"[{self.name}]",
            bracketed(self.verbs),
        )

    def resource_text(self) -> str:
        resource, slash, subresource = self.resource.partition("/")
        group = f".{self.group}" if self.group else ""
        return f"{resource}{group}{slash}{subresource}"


def compact_rules(rules: list[Object]) -> list[Rule]:
    """One rule per resource and name with all its verbs; URLs stay one by one."""
    by_resource: dict[tuple[str, str, str], Rule] = {}
    urls: list[Rule] = []
    for rule in rules:
        for piece in _pieces(rule):
            if piece.url:
                urls.append(piece)
                continue
            known = by_resource.setdefault((piece.group, piece.resource, piece.name), piece)
            if piece.verbs[0] not in known.verbs:
                known.verbs += piece.verbs
    return sorted([*urls, *by_resource.values()], key=Rule.sort_key)


def _pieces(rule: Object) -> Iterator[Rule]:
    verbs = rule.get("verbs") or ()
    for group in rule.get("apiGroups") or ():
        for resource in rule.get("resources") or ():
            for verb in verbs:
                for name in rule.get("resourceNames") or ("",):
                    yield Rule(group=group, resource=resource, name=name, verbs=[verb])
    for url in rule.get("nonResourceURLs") or ():
        for verb in verbs:
            yield Rule(url=url, verbs=[verb])
