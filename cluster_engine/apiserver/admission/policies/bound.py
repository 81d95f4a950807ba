"""The policies that have bindings, and those that are about one write.

Models: k8s.io/apiserver/pkg/admission/plugin/policy/generic (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.policies.matching import matched_version, namespace_of
from cluster_engine.apiserver.admission.policies.parameters import (
    Misconfigured,
    parameter_kind,
    parameters,
)
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.write import Write
from cluster_engine.store.changes import Change, Record

GROUP = "admissionregistration.k8s.io"
Compiled = TypeVar("Compiled")


@dataclass(frozen=True, slots=True)
class Bound(Generic[Compiled]):
    """A policy with its bindings."""

    name: str
    spec: Object
    compiled: Compiled
    bindings: tuple[Object, ...]


@dataclass(frozen=True, slots=True)
class Invocation(Generic[Compiled]):
    """One time a policy is asked: for a binding, with one object as parameter."""

    name: str
    compiled: Compiled
    binding: Object
    #: The version of the kind in which the policy knows the write.
    version: str
    parameter: Any


@dataclass(frozen=True, slots=True)
class Failure:
    """A policy that cannot be asked, and why."""

    policy: str
    binding: str
    message: str


class BoundPolicies(Generic[Compiled]):
    """The bound policies of one kind; gathered anew after one of them has changed."""

    def __init__(
        self, core: Core, policies: str, bindings: str, compile_: Callable[[Object], Compiled]
    ) -> None:
        """`policies` and `bindings`: their resources."""
        self._core = core
        self._resources = (policies, bindings)
        self._compile = compile_
        self._bound: tuple[Bound[Compiled], ...] | None = None
        self._known: dict[str, tuple[Record, Compiled]] = {}
        for resource in self._resources:
            core.store.subscribe(self._forget, resource)

    def all(self) -> tuple[Bound[Compiled], ...]:
        """By name."""
        bound = self._bound
        if bound is None:
            bound = self._bound = self._gathered()
        return bound

    def invocations(self, write: Write) -> Iterator[Invocation[Compiled] | Failure]:
        """Every time that a policy is asked about the write."""
        for bound in self.all():
            yield from self._of_policy(bound, write)

    def _of_policy(
        self, bound: Bound[Compiled], write: Write
    ) -> Iterator[Invocation[Compiled] | Failure]:
        store, is_forgiving = self._core.store, bound.spec.get("failurePolicy") == "Ignore"
        version = matched_version(store, write, bound.spec.get("matchConstraints") or {})
        if version is None:
            return
        try:
            kind = parameter_kind(self._core.registry, bound.spec)
        except Misconfigured as error:
            if not is_forgiving:
                yield Failure(bound.name, "", f"failed to configure policy: {error}")
            return
        for binding in bound.bindings:
            name, spec = binding["metadata"]["name"], binding["spec"]
            resources = spec.get("matchResources")
            if resources is not None and matched_version(store, write, resources) is None:
                continue
            try:
                found = parameters(store, kind, bound.spec, spec, namespace_of(write))
            except Misconfigured as error:
                if not is_forgiving:
                    yield Failure(bound.name, name, f"failed to configure binding: {error}")
                continue
            for parameter in found:
                yield Invocation(bound.name, bound.compiled, binding, version, parameter)

    def _forget(self, change: Change) -> None:
        self._bound = None

    def _gathered(self) -> tuple[Bound[Compiled], ...]:
        store, (policies, bindings) = self._core.store, self._resources
        by_policy: dict[str, list[Object]] = {}
        for record in store.records(bindings):
            name = record.object["spec"].get("policyName", "")
            by_policy.setdefault(name, []).append(record.object)
        found: list[Bound[Compiled]] = []
        known: dict[str, tuple[Record, Compiled]] = {}
        for record in store.records(policies):
            name = record.object["metadata"]["name"]
            if name not in by_policy:
                continue
            held = self._known.get(name)
            if held is None or held[0] is not record:
                held = (record, self._compile(record.object))
            known[name] = held
            found.append(Bound(name, record.object["spec"], held[1], tuple(by_policy[name])))
        self._known = known
        return tuple(found)
