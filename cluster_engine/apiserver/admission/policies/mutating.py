"""MutatingAdmissionPolicy: writes are changed by the policies that people bind.

A policy changes objects of the kind itself, not what is sent to subresources of another kind.

Models: k8s.io/apiserver/pkg/admission/plugin/policy/mutating (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.cel.types import Type, list_of
from cluster_engine.apimachinery.errors import ApiError, internal
from cluster_engine.apimachinery.objects import Object, clone
from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.admission.policies.access import access_of
from cluster_engine.apiserver.admission.policies.bound import (
    GROUP,
    BoundPolicies,
    Failure,
    Invocation,
)
from cluster_engine.apiserver.admission.policies.patching import (
    Unpatchable,
    json_patched,
    merged,
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
from cluster_engine.apiserver.forms import check_object, to_stored
from cluster_engine.apiserver.shapes import KindTypes
from cluster_engine.apiserver.write import CREATE, UPDATE, Write
from cluster_engine.kinds.admissionregistration.expressions import JSON_PATCH, OBJECT

_INVALID = "Invalid"


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change that a policy makes."""

    expression: Expression
    is_json_patch: bool

    def applied(self, obj: Object, types: KindTypes, variables: Mapping[str, Any]) -> Object:
        """The object changed. Raises Unanswered and Unpatchable."""
        patch = self.expression.value(variables)
        if self.is_json_patch:
            return json_patched(obj, patch)
        return merged(obj, patch, types)


@dataclass(frozen=True, slots=True)
class MutatingPolicy:
    """A mutating policy ready to be asked."""

    policy: Policy
    mutations: tuple[Mutation, ...]

    @property
    def is_asked_again(self) -> bool:
        """Whether it wants to see what others changed after it."""
        return bool(self.policy.spec.get("reinvocationPolicy") == "IfNeeded")


def compile_mutating(obj: Object) -> MutatingPolicy:
    """The policy of a MutatingAdmissionPolicy object."""
    spec = obj["spec"]
    policy = compile_policy(spec, has_patches=True)
    mutations = spec.get("mutations") or ()
    return MutatingPolicy(policy, tuple(_mutation(policy, item) for item in mutations))


def _mutation(policy: Policy, item: Object) -> Mutation:
    is_json_patch = item["patchType"] == "JSONPatch"
    field = "jsonPatch" if is_json_patch else "applyConfiguration"
    result: Type = list_of(JSON_PATCH) if is_json_patch else OBJECT
    text = (item.get(field) or {}).get("expression", "")
    return Mutation(policy.expression(text, (result,)), is_json_patch)


class MutatingAdmissionPolicy(Plugin):
    """Lets every bound mutating policy that is about a write change it."""

    NAME = "MutatingAdmissionPolicy"
    OPERATIONS = (CREATE, UPDATE)
    SUBRESOURCES = None

    def __init__(self, core: Core, authorizer: Authorizer) -> None:
        super().__init__(core, authorizer)
        self._policies = BoundPolicies(
            core,
            f"mutatingadmissionpolicies.{GROUP}",
            f"mutatingadmissionpolicybindings.{GROUP}",
            compile_mutating,
        )

    def handles(self, operation: str, resource: str, subresource: str) -> bool:
        is_exempt = resource.endswith(f".{GROUP}")
        return not is_exempt and super().handles(operation, resource, subresource)

    def mutate(self, write: Write) -> None:
        if not self._policies.all() or write.object.get("kind") != write.kind.kind:
            return
        if write.subresource == "scale":
            return
        failures: list[str] = []
        for asked in self._policies.invocations(write):
            if isinstance(asked, Failure):
                failures.append(_text(asked.policy, asked.binding, asked.message))
            elif not write.is_second_round or asked.compiled.is_asked_again:
                failures += self._failures(asked, write)
        if failures:
            raise _refusal(write, failures)

    def _failures(self, asked: Invocation[MutatingPolicy], write: Write) -> list[str]:
        """Change the write; what could not be done is told."""
        policy, before = asked.compiled.policy, write.object
        name = asked.binding["metadata"]["name"]
        failures: list[str] = []
        for place, mutation in enumerate(asked.compiled.mutations):
            store = self.core.store
            given = {**variables_of(store, write, asked.version), "params": asked.parameter}
            variables = policy.variables(given, access_of(self.authorizer, write))
            try:
                if not place and not policy.is_meant(variables):
                    return []
                self._change(write, mutation, variables)
            except (Unanswered, Unpatchable) as failure:
                if not policy.is_forgiving:
                    failures.append(_text(asked.name, name, str(failure)))
        if write.object != before:
            write.is_changed_by_policy = True
        return failures

    def _change(self, write: Write, mutation: Mutation, variables: Mapping[str, Any]) -> None:
        kind, obj = write.kind, variables["object"]
        changed = mutation.applied(obj, KindTypes(kind), variables)
        if changed is obj:
            return
        group, _, version = obj["apiVersion"].rpartition("/")
        findings = check_object(kind, changed, (group, version, kind.kind))
        problems = [findings.wrong] if findings.wrong else list(findings.unknown)
        if problems:
            raise internal(f"strict decoding error: {', '.join(problems)}")
        write.object = to_stored(kind, clone(findings.object), version)


def _text(policy: str, binding: str, message: str) -> str:
    if not binding:
        return f'policy "{policy}" denied request: {message}'
    return f"policy '{policy}' with binding '{binding}' denied request: {message}"


def _refusal(write: Write, texts: list[str]) -> ApiError:
    error = refuse(write, "admission request denied by policy")
    error.reason, error.message = _INVALID, texts[0]
    causes = [{"message": text} for text in texts]
    error.details = {**(error.details or {}), "causes": causes}
    return error
