"""A validating policy, compiled, and what it says about one write.

Models: k8s.io/apiserver/pkg/admission/plugin/policy/validating/{plugin,validator}.go and
plugin/webhook/matchconditions (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.cel.programs import CompileError, EvaluationError, Program
from cluster_engine.apimachinery.cel.types import BOOL, NULL, STRING, Type
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.policies.values import OwnVariables
from cluster_engine.kinds.admissionregistration.expressions import Environment

INVALID = "Invalid"
_MESSAGE_LENGTH_MAX = 5 * 1024


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
class Validation:
    """One thing that must be true."""

    condition: Expression
    message: Expression | None
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Denial:
    """A validation that is not true, or could not be told; an unforgiven failure."""

    message: str
    reason: str = INVALID
    #: Whether it counts whatever the binding does with failed validations.
    is_certain: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy ready to be asked."""

    spec: Object
    own: Mapping[str, Program | CompileError]
    conditions: tuple[Expression, ...]
    validations: tuple[Validation, ...]
    notes: tuple[Expression, ...]

    @property
    def is_forgiving(self) -> bool:
        """Whether failures to tell are let pass."""
        return bool(self.spec.get("failurePolicy") == "Ignore")

    def denials(self, given: Mapping[str, Any], access: Any) -> list[Denial]:
        """What the policy has against a write whose variables are `given`."""
        plain = {**given, "variables": OwnVariables(self.own, {**given, "authorizer": access})}
        variables = {**plain, "authorizer": access}
        try:
            if not self._is_meant(variables):
                return []
        except Unanswered as failure:
            return [] if self.is_forgiving else [Denial(str(failure), "")]
        found: list[Denial] = []
        for validation in self.validations:
            try:
                if validation.condition.value(variables) is not True:
                    found.append(Denial(_message(validation, plain), validation.reason))
            except Unanswered as failure:
                if not self.is_forgiving:
                    found.append(Denial(str(failure), ""))
        for note in self.notes:
            try:
                note.value(variables)
            except Unanswered as failure:
                if not self.is_forgiving:
                    found.append(Denial(str(failure), "", is_certain=True))
        return found

    def _is_meant(self, variables: Mapping[str, Any]) -> bool:
        """Whether all match conditions hold. Raises Unanswered."""
        problems: list[str] = []
        for condition in self.conditions:
            try:
                if condition.value(variables) is False:
                    return False
            except Unanswered as failure:
                problems.append(str(failure))
        if problems:
            raise Unanswered(problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]")
        return True


def _message(validation: Validation, variables: Mapping[str, Any]) -> str:
    value: Any = None
    if validation.message is not None:
        try:
            value = validation.message.value(variables)
        except Unanswered:
            value = None
    said = value.strip() if isinstance(value, str) else ""
    if said and len(said.encode()) <= _MESSAGE_LENGTH_MAX and "\n" not in said:
        return said
    words = validation.words.strip()
    return words or f"failed expression: {validation.condition.text.strip()}"


def compile_policy(obj: Object) -> Policy:
    """The policy of a ValidatingAdmissionPolicy object."""
    spec = obj["spec"]
    variables = spec.get("variables") or ()
    environment = Environment(has_params="paramKind" in spec, has_own=bool(variables))
    own: dict[str, Program | CompileError] = {}
    for variable in variables:
        try:
            own[variable["name"]] = environment.add(variable["name"], variable["expression"])
        except CompileError as error:
            own[variable["name"]] = error
    return Policy(
        spec=spec,
        own=own,
        conditions=tuple(
            _compiled(environment, item["expression"], (BOOL,))
            for item in spec.get("matchConditions") or ()
        ),
        validations=tuple(_validation(environment, item) for item in spec.get("validations") or ()),
        notes=tuple(
            _compiled(environment, item["valueExpression"], (STRING, NULL))
            for item in spec.get("auditAnnotations") or ()
        ),
    )


def _validation(environment: Environment, item: Object) -> Validation:
    message = item.get("messageExpression")
    return Validation(
        condition=_compiled(environment, item["expression"], (BOOL,)),
        message=_compiled(environment, message, (STRING,), False) if message else None,
        words=item.get("message") or "",
        reason=item.get("reason") or INVALID,
    )


def _compiled(
    environment: Environment, text: str, results: Sequence[Type], has_authorizer: bool = True
) -> Expression:
    try:
        return Expression(text, environment.compile(text, results, has_authorizer=has_authorizer))
    except CompileError as error:
        return Expression(text, error)
