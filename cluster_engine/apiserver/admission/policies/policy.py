"""A policy's expressions, compiled, and the conditions under which it is meant.

Models: k8s.io/apiserver/pkg/admission/plugin/cel condition.go and
plugin/webhook/matchconditions (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.cel.programs import CompileError, EvaluationError, Program
from cluster_engine.apimachinery.cel.types import BOOL, Type
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.policies.values import OwnVariables
from cluster_engine.kinds.admissionregistration.expressions import Environment


class Unanswered(Exception):
    """An expression that has no value; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression of a policy, with why it cannot be used if so."""

    text: str
    program: Program | CompileError

    def value(self, variables: Mapping[str, Any]) -> Any:
        """Its value. Raises Unanswered."""
        if isinstance(self.program, CompileError):
            raise Unanswered(f"compilation error: {self.program}")
        try:
            return self.program.run(variables)
        except EvaluationError as error:
            text = f"expression '{self.text}' resulted in error: {error}"
            raise Unanswered(text) from None


@dataclass(frozen=True, slots=True)
class Policy:
    """What validating and mutating policies have in common."""

    spec: Object
    environment: Environment
    own: Mapping[str, Program | CompileError]
    conditions: tuple[Expression, ...]

    @property
    def is_forgiving(self) -> bool:
        """Whether failures to tell are let pass."""
        return bool(self.spec.get("failurePolicy") == "Ignore")

    def variables(self, given: Mapping[str, Any], access: Any) -> dict[str, Any]:
        """All that its expressions see of a write."""
        known = {**given, "authorizer": access}
        return {**known, "variables": OwnVariables(self.own, known)}

    def is_meant(self, variables: Mapping[str, Any]) -> bool:
        """Whether all match conditions hold. Raises Unanswered."""
        problems: list[str] = []
        for condition in self.conditions:
            try:
                if condition.value(variables) is False:
                    return False
            except Unanswered as failure:
                problems.append(str(failure))
        if problems and self.is_forgiving:
            return False
        if problems:
            raise Unanswered(problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]")
        return True

    def expression(
        self, text: str, results: Sequence[Type], *, has_authorizer: bool = True
    ) -> Expression:
        """Another expression of the policy."""
        return _compiled(self.environment, text, results, has_authorizer)


def compile_policy(spec: Object, *, has_patches: bool = False) -> Policy:
    """The common part of a policy with that spec; `has_patches`: its expressions make patches."""
    variables = spec.get("variables") or ()
    environment = Environment(
        has_params="paramKind" in spec, has_own=bool(variables), has_patches=has_patches
    )
    own: dict[str, Program | CompileError] = {}
    for variable in variables:
        try:
            own[variable["name"]] = environment.add(variable["name"], variable["expression"])
        except CompileError as error:
            own[variable["name"]] = error
    conditions = tuple(
        _compiled(environment, item["expression"], (BOOL,), True)
        for item in spec.get("matchConditions") or ()
    )
    return Policy(spec, environment, own, conditions)


def _compiled(
    environment: Environment, text: str, results: Sequence[Type], has_authorizer: bool
) -> Expression:
    try:
        return Expression(text, environment.compile(text, results, has_authorizer=has_authorizer))
    except CompileError as error:
        return Expression(text, error)
