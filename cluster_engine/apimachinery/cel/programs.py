"""Compiled expressions: parsed, checked, ready to run.

Models: k8s.io/apiserver/pkg/admission/plugin/cel/compile.go and pkg/cel/environment (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery.cel.checking import Checker
from cluster_engine.apimachinery.cel.estimates import Estimator, SizeOf
from cluster_engine.apimachinery.cel.evaluation import Evaluation
from cluster_engine.apimachinery.cel.nodes import Node
from cluster_engine.apimachinery.cel.syntax import parse
from cluster_engine.apimachinery.cel.tokens import SyntaxProblem
from cluster_engine.apimachinery.cel.types import Structs, Type, filled_in
from cluster_engine.apimachinery.cel.values import EvaluationError

__all__ = ["CompileError", "EvaluationError", "Program", "compile_expression"]


class CompileError(ValueError):
    """The expression cannot be used; `str()` is upstream's text."""


@dataclass(frozen=True, slots=True)
class Program:
    """A checked expression."""

    text: str
    node: Node
    type: Type
    #: The types of all its parts, by identity.
    types: Mapping[int, Type] = field(default_factory=dict, compare=False, repr=False)

    def run(self, variables: Mapping[str, Any]) -> Any:
        """Its value. Raises EvaluationError."""
        return Evaluation(variables).value(self.node)

    def cost(self, size_of: SizeOf) -> int:
        """The most it may cost, by the sizes of what it sees."""
        return Estimator(self.types, size_of).cost(self.node)


def _no_structs(name: str) -> None:
    """No types at all."""


def compile_expression(
    text: str,
    variables: Mapping[str, Type],
    results: Sequence[Type] = (),
    structs: Structs = _no_structs,
) -> Program:
    """The program. `results`: the types it may evaluate to, any when empty; `structs`: the types
    of objects that it may make. Raises CompileError."""
    try:
        node = parse(text)
    except SyntaxProblem as problem:
        raise CompileError(_failed(text, [(problem.place, problem.text)])) from None
    checker = Checker(variables, structs)
    type_ = filled_in(checker.type_of(node), {})
    if checker.problems:
        raise CompileError(_failed(text, checker.problems))
    if results and type_ not in results:
        if len(results) == 1:
            raise CompileError(f"must evaluate to {results[0]} but got {type_}")
        shown = " ".join(map(str, results))
        raise CompileError(f"must evaluate to one of [{shown}] but got {type_}")
    return Program(text, node, type_, checker.types)


def _failed(text: str, problems: Sequence[tuple[int, str]]) -> str:
    shown = [_shown(text, place, problem) for place, problem in sorted(problems)]
    return f"compilation failed: {chr(10).join(shown)}"


def _shown(text: str, place: int, problem: str) -> str:
    """A problem with its line, and a sign below the place."""
    before = text[:place]
    line, column = before.count("\n") + 1, place - (before.rfind("\n") + 1)
    source = text.split("\n")[line - 1]
    return f"ERROR: <input>:{line}:{column + 1}: {problem}\n | {source}\n | {'.' * column}^"
