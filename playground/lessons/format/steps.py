"""A step of lesson.yaml: its kind, its hints, its checks, its answers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playground.lessons.checks.check import Check
from playground.lessons.checks.expressions import ExpressionError, condition, message
from playground.lessons.checks.sources.registry import BY_KEY, read_source
from playground.lessons.format.fields import Fields
from playground.lessons.format.lesson import Answer, Step, StepKind
from playground.lessons.format.text import CLOSING, Section, inline

_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_HINTS_MAX = 8
_CHECKS_MAX = 12


def read_step(fields: Fields, sections: Mapping[str, Section]) -> Step:
    """The step, with its text from lesson.md."""
    step_id = fields.text("id")
    if step_id and (not _ID.fullmatch(step_id) or step_id == CLOSING):
        fields.wrong("id", f"is {step_id!r}: use lower case letters, digits and dashes")
    section = sections.get(step_id)
    if section is None and step_id:
        fields.wrong("id", f"lesson.md has no section ## … {{#{step_id}}}")
    kind = StepKind(fields.word("kind", StepKind, default=StepKind.TASK))
    hints = fields.texts("hints")
    if len(hints) > _HINTS_MAX:
        fields.wrong("hints", f"has {len(hints)} hints: give at most {_HINTS_MAX}")
    step = Step(
        id=step_id,
        title=section.title if section is not None else step_id,
        kind=kind,
        html=section.html if section is not None else "",
        hints=tuple(inline(hint) for hint in hints),
        checks=_checks(fields, kind),
        answers=_answers(fields, kind),
        is_kept=fields.flag("keep"),
    )
    fields.done()
    return step


def _checks(fields: Fields, kind: StepKind) -> tuple[Check, ...]:
    inner = fields.children("checks")
    if kind is StepKind.TASK and not 0 < len(inner) <= _CHECKS_MAX:
        fields.wrong("checks", f"has {len(inner)} checks: a task needs 1 to {_CHECKS_MAX}")
    if kind is not StepKind.TASK and inner:
        fields.wrong("checks", f"a step of kind {kind} has no checks: leave them out")
    found = [_check(one) for one in inner]
    return tuple(one for one in found if one is not None)


def _check(fields: Fields) -> Check | None:
    says = fields.text("says", most=200)
    keys = [name for name in fields.names() if name in BY_KEY]
    if len(keys) != 1:
        fields.wrong("", f"has {len(keys)} sources: give exactly one of {', '.join(BY_KEY)}")
        return None
    source = read_source(keys[0], fields.child(keys[0]))
    where = fields.text("where", default=source.where_default)
    is_negated = fields.flag("not")
    if fields.has("where") and not fields.has("missing"):
        fields.wrong("missing", "is missing: say in words what is not there yet")
    given = fields.text("missing", most=400) if fields.has("missing") else source.missing_default
    is_for_every = fields.flag("every")
    fields.done()
    try:
        return Check(
            says=says,
            source=source,
            where=condition(where, source.variables),
            missing=message(given, source.variables),
            is_for_every=is_for_every,
            is_negated=is_negated,
        )
    except ExpressionError as error:
        name = "missing" if fields.has("missing") and _is_fine(where, source.variables) else "where"
        fields.wrong(name, str(error))
        return None


def _is_fine(text: str, names: tuple[str, ...]) -> bool:
    try:
        condition(text, names)
    except ExpressionError:
        return False
    return True


def _answers(fields: Fields, kind: StepKind) -> tuple[Answer, ...]:
    inner = fields.children("answers")
    if kind is not StepKind.QUESTION:
        if inner:
            fields.wrong("answers", f"a step of kind {kind} has no answers: leave them out")
        return ()
    found = []
    for one in inner:
        found.append(
            Answer(inline(one.text("text")), one.flag("right"), inline(one.text("because")))
        )
        one.done()
    if len(found) < 2 or sum(answer.is_right for answer in found) != 1:
        fields.wrong(
            "answers", "a question needs two answers or more, one of them with right: true"
        )
    return tuple(found)
