"""ValidatingAdmissionPolicy: writes keep to the policies that people bind.

Models: k8s.io/apiserver/pkg/admission/plugin/policy/validating (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.cel.types import BOOL, NULL, STRING
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.admission.policies.access import access_of
from cluster_engine.apiserver.admission.policies.bound import (
    GROUP,
    BoundPolicies,
    Failure,
    Invocation,
)
from cluster_engine.apiserver.admission.policies.policy import (
    Expression,
    Policy,
    Unanswered,
    compile_policy,
)
from cluster_engine.apiserver.admission.policies.values import variables_of
from cluster_engine.apiserver.authorization.authorizer import Authorizer
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.write import CONNECT, CREATE, DELETE, UPDATE, Write

_INVALID = "Invalid"
_CODES = {"Forbidden": 403, "Unauthorized": 401, "RequestEntityTooLarge": 413}
_MESSAGE_LENGTH_MAX = 5 * 1024


@dataclass(frozen=True, slots=True)
class Validation:
    """One thing that must be true."""

    condition: Expression
    message: Expression | None
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Denial:
    """A validation that is not true, or could not be told."""

    message: str
    reason: str = _INVALID
    #: Whether it counts whatever the binding does with failed validations.
    is_certain: bool = False


@dataclass(frozen=True, slots=True)
class ValidatingPolicy:
    """A validating policy ready to be asked."""

    policy: Policy
    validations: tuple[Validation, ...]
    notes: tuple[Expression, ...]

    def denials(self, given: Mapping[str, Any], access: Any) -> Iterator[Denial]:
        """What it has against a write whose variables are `given`."""
        variables = self.policy.variables(given, access)
        is_forgiving = self.policy.is_forgiving
        try:
            if not self.policy.is_meant(variables):
                return
        except Unanswered as failure:
            yield Denial(str(failure))
            return
        for validation in self.validations:
            try:
                if validation.condition.value(variables) is not True:
                    yield Denial(_message(validation, variables), validation.reason)
            except Unanswered as failure:
                if not is_forgiving:
                    yield Denial(str(failure))
        for note in self.notes:
            try:
                note.value(variables)
            except Unanswered as failure:
                if not is_forgiving:
                    yield Denial(str(failure), is_certain=True)


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


def compile_validating(obj: Object) -> ValidatingPolicy:
    """The policy of a ValidatingAdmissionPolicy object."""
    spec = obj["spec"]
    policy = compile_policy(spec)
    return ValidatingPolicy(
        policy=policy,
        validations=tuple(_validation(policy, item) for item in spec.get("validations") or ()),
        notes=tuple(
            policy.expression(item["valueExpression"], (STRING, NULL))
            for item in spec.get("auditAnnotations") or ()
        ),
    )


def _validation(policy: Policy, item: Object) -> Validation:
    text = item.get("messageExpression")
    message = policy.expression(text, (STRING,), has_authorizer=False) if text else None
    return Validation(
        condition=policy.expression(item["expression"], (BOOL,)),
        message=message,
        words=item.get("message") or "",
        reason=item.get("reason") or _INVALID,
    )


class ValidatingAdmissionPolicy(Plugin):
    """Asks every bound validating policy that is about a write."""

    NAME = "ValidatingAdmissionPolicy"
    OPERATIONS = (CREATE, UPDATE, DELETE, CONNECT)
    SUBRESOURCES = None

    def __init__(self, core: Core, authorizer: Authorizer) -> None:
        super().__init__(core, authorizer)
        self._policies = BoundPolicies(
            core,
            f"validatingadmissionpolicies.{GROUP}",
            f"validatingadmissionpolicybindings.{GROUP}",
            compile_validating,
        )

    def handles(self, operation: str, resource: str, subresource: str) -> bool:
        """Nobody can lock themselves out by a policy about policies."""
        is_exempt = resource.endswith(f".{GROUP}")
        return not is_exempt and super().handles(operation, resource, subresource)

    def validate(self, write: Write) -> None:
        if not self._policies.all():
            return
        verdicts = [
            verdict
            for asked in self._policies.invocations(write)
            for verdict in self._verdicts(asked, write)
        ]
        if not verdicts:
            return
        denial, text = verdicts[0]
        error = refuse(write, text)
        error.reason = denial.reason
        error.code = _CODES.get(denial.reason, 422)
        error.details = {**(error.details or {}), "causes": [{"message": text}]}
        raise error

    def _verdicts(
        self, asked: Invocation[ValidatingPolicy] | Failure, write: Write
    ) -> Iterator[tuple[Denial, str]]:
        """What refuses the write, and how it is said; warnings are given on the way."""
        if isinstance(asked, Failure):
            yield Denial(asked.message), _text(asked.policy, asked.binding, asked.message)
            return
        store = self.core.store
        given = {**variables_of(store, write, asked.version), "params": asked.parameter}
        name = asked.binding["metadata"]["name"]
        actions = asked.binding["spec"].get("validationActions") or ()
        for denial in asked.compiled.denials(given, access_of(self.authorizer, write)):
            if denial.is_certain or "Deny" in actions:
                yield denial, _text(asked.name, name, denial.message)
            elif "Warn" in actions:
                write.warnings.append(
                    f"Validation failed for ValidatingAdmissionPolicy '{asked.name}' with binding "
                    f"'{name}': {denial.message}"
                )


def _text(policy: str, binding: str, message: str) -> str:
    by = f" with binding '{binding}'" if binding else ""
    return f"ValidatingAdmissionPolicy '{policy}'{by} denied request: {message}"
