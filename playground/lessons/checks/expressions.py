"""Conditions and messages of checks, written in CEL: compiled once, run on what was found.

A message is a text with expressions in braces: `deployment web has {object.status.readyReplicas}
of 3 ready pods`. Two braces stand for one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.cel.programs import (
    CompileError,
    EvaluationError,
    Program,
    compile_expression,
)
from cluster_engine.apimachinery.cel.types import BOOL, DYN

_PIECES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class ExpressionError(ValueError):
    """It cannot be used; the text says why and where."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression that is true or false."""

    program: Program

    def holds(self, variables: Mapping[str, Any]) -> bool:
        """Whether it is true; what cannot be computed (a field is not there) is not."""
        try:
            return self.program.run(variables) is True
        except EvaluationError:
            return False


@dataclass(frozen=True, slots=True)
class Message:
    """A text with expressions in it."""

    pieces: tuple[str | Program, ...]

    def text(self, variables: Mapping[str, Any]) -> str:
        """The text; empty when one of its expressions has no value."""
        try:
            return "".join(
                piece if isinstance(piece, str) else _shown(piece.run(variables))
                for piece in self.pieces
            )
        except EvaluationError:
            return ""


def condition(text: str, names: Sequence[str]) -> Condition:
    """A condition over the variables of those names. Raises ExpressionError."""
    try:
        return Condition(compile_expression(text, dict.fromkeys(names, DYN), (BOOL, DYN)))
    except CompileError as error:
        raise ExpressionError(_explained(error, names)) from None


def message(text: str, names: Sequence[str]) -> Message:
    """A message over the variables of those names. Raises ExpressionError."""
    pieces: list[str | Program] = []
    at = 0
    for match in _PIECES.finditer(text):
        pieces.append(text[at : match.start()])
        at = match.end()
        if match[0] in ("{{", "}}"):
            pieces.append(match[0][0])
        elif match[1] is None:
            raise ExpressionError(f"a brace stands alone in {text!r}: write it twice")
        else:
            try:
                pieces.append(compile_expression(match[1], dict.fromkeys(names, DYN)))
            except CompileError as error:
                raise ExpressionError(_explained(error, names)) from None
    pieces.append(text[at:])
    return Message(tuple(piece for piece in pieces if piece))


def _explained(error: CompileError, names: Sequence[str]) -> str:
    return f"{error}\n(variables here: {', '.join(names)})"


def _shown(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return str(value)
