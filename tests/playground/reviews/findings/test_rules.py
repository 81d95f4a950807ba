"""Every rule of the catalogue with a manifest that breaks it, marked `# <` where it is to say so,
and one that does not.

`cases/<category>.txt`: `## rule`, the wrong text, then right ones after `---- right`. A text that
begins with `container:`, `pod:` or `deployment:` gives the fields of one.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from playground.reviews.findings import Severity, catalogue, findings_of
from playground.reviews.findings.checks.registry import (
    CONTAINER_CHECKS,
    OBJECT_CHECKS,
    POD_CHECKS,
    TEXT_CHECKS,
)
from playground.reviews.findings.rules import LooksAt

_CASES = Path(__file__).parent / "cases"
_MARK = "  # <"
_POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n"
_DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n"
)
_SHAPES = {
    "container:": (_POD + "  containers:\n  - name: web\n", "    "),
    "pod:": (_POD, "  "),
    "deployment:": (_DEPLOYMENT, "      "),
}
#: What the cluster says, which no text alone can show.
_FROM_THE_CLUSTER = {"refused", "cluster-warning"}


@dataclass(frozen=True)
class Case:
    """One text and the lines on which its rule is to speak."""

    rule: str
    text: str
    lines: tuple[int, ...]


def _case(rule: str, written: str) -> Case:
    first, _, rest = written.partition("\n")
    if first in _SHAPES:
        start, indent = _SHAPES[first]
        written = start + textwrap.indent(rest, indent)
    lines = written.split("\n")
    marked = tuple(number for number, line in enumerate(lines, 1) if line.endswith(_MARK))
    return Case(rule, "\n".join(line.removesuffix(_MARK) for line in lines), marked)


def _cases() -> list[Case]:
    found = []
    for path in sorted(_CASES.glob("*.txt")):
        for part in path.read_text(encoding="utf-8").split("## ")[1:]:
            rule, _, body = part.partition("\n")
            found += [_case(rule, text.strip("\n")) for text in body.split("---- right\n")]
    return found


CASES = _cases()


def _named(case: Case) -> str:
    return f"{case.rule} {'speaks' if case.lines else 'is silent'}"


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_a_rule_speaks_on_the_marked_lines_and_nowhere_else(case: Case) -> None:
    rules = catalogue().with_severities({case.rule: Severity.WARNING})
    found = [one for one in findings_of(case.text, rules=rules) if one.rule == case.rule]
    assert tuple(one.line for one in found) == case.lines
    assert all("{" not in one.message + one.fix for one in found)


def test_every_rule_has_a_wrong_and_a_right_manifest() -> None:
    wrong = {case.rule for case in CASES if case.lines}
    right = {case.rule for case in CASES if not case.lines}
    assert wrong == right == set(catalogue().rules) - _FROM_THE_CLUSTER


@pytest.mark.parametrize(
    ("looks_at", "checks"),
    [
        (LooksAt.OBJECT, OBJECT_CHECKS),
        (LooksAt.POD, POD_CHECKS),
        (LooksAt.CONTAINER, CONTAINER_CHECKS),
        (LooksAt.TEXT, TEXT_CHECKS),
    ],
    ids=["objects", "pods", "containers", "texts"],
)
def test_the_registry_holds_a_predicate_for_each_rule(
    looks_at: LooksAt, checks: dict[str, object]
) -> None:
    named = {rule.id for rule in catalogue().rules.values() if rule.looks_at is looks_at}
    assert named == set(checks)


def test_every_rule_says_what_to_do_and_where_to_read_on() -> None:
    for rule in catalogue().rules.values():
        assert rule.fix.endswith((".", "}")), rule.id
        assert rule.reference.startswith("https://kubernetes.io/docs/"), rule.id
        assert not rule.title.endswith("."), rule.id
