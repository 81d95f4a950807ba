"""ValidatingAdmissionPolicy: writes keep to the policies that people bind.

Models: k8s.io/apiserver/pkg/admission/plugin/policy/{generic,validating} (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.admission.policies.access import access_of
from cluster_engine.apiserver.admission.policies.matching import matched_version, namespace_of
from cluster_engine.apiserver.admission.policies.parameters import (
    Misconfigured,
    parameter_kind,
    parameters,
)
from cluster_engine.apiserver.admission.policies.policy import (
    INVALID,
    Denial,
    Policy,
    compile_policy,
)
from cluster_engine.apiserver.admission.policies.values import variables_of
from cluster_engine.apiserver.authorization.authorizer import Authorizer
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.write import CONNECT, CREATE, DELETE, UPDATE, Write
from cluster_engine.store.changes import Change, Record

_GROUP = "admissionregistration.k8s.io"
_POLICIES = f"validatingadmissionpolicies.{_GROUP}"
_BINDINGS = f"validatingadmissionpolicybindings.{_GROUP}"
_CODES = {"Forbidden": 403, "Unauthorized": 401, "RequestEntityTooLarge": 413}


@dataclass(frozen=True, slots=True)
class Bound:
    """A policy with its bindings."""

    name: str
    policy: Policy
    bindings: tuple[Object, ...]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Something against a write, and whose it is."""

    denial: Denial
    policy: str
    binding: str = ""

    @property
    def text(self) -> str:
        by = f" with binding '{self.binding}'" if self.binding else ""
        return (
            f"ValidatingAdmissionPolicy '{self.policy}'{by} denied request: {self.denial.message}"
        )


class ValidatingAdmissionPolicy(Plugin):
    """Asks every bound policy that is about a write."""

    NAME = "ValidatingAdmissionPolicy"
    OPERATIONS = (CREATE, UPDATE, DELETE, CONNECT)
    SUBRESOURCES = None

    def __init__(self, core: Core, authorizer: Authorizer) -> None:
        super().__init__(core, authorizer)
        self._bound: tuple[Bound, ...] | None = None
        self._compiled: dict[str, tuple[Record, Policy]] = {}
        for resource in (_POLICIES, _BINDINGS):
            core.store.subscribe(self._forget, resource)

    def handles(self, operation: str, resource: str, subresource: str) -> bool:
        """Nobody can lock themselves out by a policy about policies."""
        is_exempt = resource.endswith(f".{_GROUP}")
        return not is_exempt and super().handles(operation, resource, subresource)

    def validate(self, write: Write) -> None:
        bound = self._bound
        if bound is None:
            bound = self._bound = self._gathered()
        if not bound:
            return
        verdicts = [verdict for one in bound for verdict in self._verdicts(one, write)]
        if not verdicts:
            return
        first = verdicts[0]
        error = refuse(write, first.text)
        error.reason = first.denial.reason or INVALID
        error.code = _CODES.get(error.reason, 422)
        error.details = {**(error.details or {}), "causes": [{"message": first.text}]}
        raise error

    def _forget(self, change: Change) -> None:
        self._bound = None

    def _gathered(self) -> tuple[Bound, ...]:
        """The policies that have bindings, by name."""
        store = self.core.store
        bindings: dict[str, list[Object]] = {}
        for record in store.records(_BINDINGS):
            bindings.setdefault(record.object["spec"].get("policyName", ""), []).append(
                record.object
            )
        found: list[Bound] = []
        kept: dict[str, tuple[Record, Policy]] = {}
        for record in store.records(_POLICIES):
            name = record.object["metadata"]["name"]
            if name not in bindings:
                continue
            held = self._compiled.get(name)
            if held is None or held[0] is not record:
                held = (record, compile_policy(record.object))
            kept[name] = held
            found.append(Bound(name, held[1], tuple(bindings[name])))
        self._compiled = kept
        return tuple(found)

    def _verdicts(self, bound: Bound, write: Write) -> Iterator[_Verdict]:
        """What a policy has against the write; its warnings are given on the way."""
        policy, store = bound.policy, self.core.store
        version = matched_version(store, write, policy.spec.get("matchConstraints") or {})
        if version is None:
            return
        try:
            kind = parameter_kind(self.core.registry, policy.spec)
        except Misconfigured as error:
            if not policy.is_forgiving:
                yield _Verdict(_misconfigured("policy", error), bound.name)
            return
        variables = variables_of(store, write, version)
        access = access_of(self.authorizer, write)
        for binding in bound.bindings:
            name, spec = binding["metadata"]["name"], binding["spec"]
            resources = spec.get("matchResources")
            if resources is not None and matched_version(store, write, resources) is None:
                continue
            try:
                found = parameters(store, kind, policy.spec, spec, namespace_of(write))
            except Misconfigured as error:
                if not policy.is_forgiving:
                    yield _Verdict(_misconfigured("binding", error), bound.name, name)
                continue
            for parameter in found:
                denials = policy.denials({**variables, "params": parameter}, access)
                yield from _acted_on(denials, bound.name, binding, write)


def _misconfigured(what: str, error: Exception) -> Denial:
    return Denial(f"failed to configure {what}: {error}", "", is_certain=True)


def _acted_on(
    denials: list[Denial], policy: str, binding: Object, write: Write
) -> Iterator[_Verdict]:
    """Denials that refuse the write. Others are warned about, or only in the audit log."""
    name, actions = binding["metadata"]["name"], binding["spec"].get("validationActions") or ()
    for denial in denials:
        if denial.is_certain or "Deny" in actions:
            yield _Verdict(denial, policy, name)
        elif "Warn" in actions:
            write.warnings.append(
                f"Validation failed for ValidatingAdmissionPolicy '{policy}' with binding "
                f"'{name}': {denial.message}"
            )
