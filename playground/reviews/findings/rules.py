"""The catalogue: every rule as data, read once; how much each matters can be set per installation.

The files in `catalogue/` hold the rules, one category each, and `tables.yaml` the lists that rules
look things up in. What a rule looks for is a predicate of the same id in `checks.registry`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from playground.reviews.findings.finding import Severity

_FOLDER = Path(__file__).parent / "catalogue"
_TABLES = "tables.yaml"


class LooksAt(StrEnum):
    """What a rule's predicate is given."""

    #: Nothing: the finding comes from reading, from the schema or from the cluster.
    READING = "reading"
    OBJECT = "object"
    POD = "pod"
    CONTAINER = "container"
    #: All documents of the text together.
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `message` and `fix` hold names in braces that the predicate fills."""

    id: str
    category: str
    title: str
    severity: Severity
    looks_at: LooksAt
    message: str
    fix: str
    reference: str

    def body(self) -> dict[str, str]:
        """As JSON, for a list of what is looked for."""
        return {
            "id": self.id,
            "category": self.category,
            "title": self.title,
            "severity": self.severity.value,
            "looks_at": self.looks_at.value,
            "fix": self.fix,
            "reference": self.reference,
        }


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The rules by id, in the order of the files."""

    rules: Mapping[str, Rule]

    def with_severities(self, severities: Mapping[str, Severity]) -> Catalogue:
        """With other severities for some rules; ids that no rule has are ignored."""
        if not severities:
            return self
        return Catalogue(
            {
                name: replace(rule, severity=severities[name]) if name in severities else rule
                for name, rule in self.rules.items()
            }
        )


def catalogue() -> Catalogue:
    """The catalogue as it comes."""
    return Catalogue(_rules())


@cache
def _rules() -> Mapping[str, Rule]:
    rules: dict[str, Rule] = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        if path.name == _TABLES:
            continue
        for entry in _load(path):
            rule = _rule(path.stem, entry)
            if rule.id in rules:
                raise ValueError(f"the rule {rule.id} is in the catalogue twice")
            rules[rule.id] = rule
    return rules


def _rule(category: str, entry: Mapping[str, Any]) -> Rule:
    return Rule(
        id=entry["id"],
        category=category,
        title=entry["title"],
        severity=Severity(entry["severity"]),
        looks_at=LooksAt(entry["looks_at"]),
        message=entry["message"],
        fix=entry["fix"],
        reference=entry["reference"],
    )


@cache
def tables() -> Mapping[str, Any]:
    """The lists that rules look things up in."""
    found: Mapping[str, Any] = _load(_FOLDER / _TABLES)
    return found


@cache
def words(name: str) -> frozenset[str]:
    """One list of words."""
    return frozenset(tables()[name])


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
