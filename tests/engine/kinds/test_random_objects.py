"""Whatever stands in an object of the right type, its kind can judge and show it."""

from __future__ import annotations

import copy
from random import Random

import pytest

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.registry import KINDS
from tests.engine.kinds.judging import NOW_MS
from tests.engine.kinds.random_objects import Careless

ROUNDS = 12
SEED = 20260101
STORED = [kind for kind in KINDS if "list" in kind.verbs]


def judged(kind: Kind, obj: Object, old: Object | None) -> None:
    """Everything that is asked of a kind when an object is written and read."""
    if kind.prepare is not None:
        kind.prepare(obj, old)
    before = copy.deepcopy(obj)
    validators = [kind.validate(obj)] if kind.validate is not None and old is None else []
    if kind.validate_update is not None and old is not None:
        validators.append(kind.validate_update(obj, old))
    for problem in [problem for found in validators for problem in found]:
        assert problem.text().startswith(problem.field)
    if kind.warn is not None:
        assert all(kind.warn(obj, old))
    if kind.cells is not None:
        assert kind.cells(obj, NOW_MS)
    for read in kind.field_selectors.values():
        assert isinstance(read(obj), str)
    for version in kind.served_versions:
        if kind.to_version is not None and kind.from_version is not None:
            kind.from_version(kind.to_version(obj, version), version)
    assert obj == before


def changed_through(kind: Kind, obj: Object, old: Object) -> None:
    """The same for writes through `status` and the other subresources."""
    parts = [(one.prepare, one.validate) for one in kind.subresources]
    for prepare, validate in [(kind.prepare_status, kind.validate_status), *parts]:
        new, before = copy.deepcopy(obj), copy.deepcopy(old)
        if prepare is not None:
            prepare(new, old)
        if validate is not None:
            assert all(problem.text() for problem in validate(new, old))
        assert old == before


@pytest.mark.parametrize("kind", STORED, ids=lambda kind: kind.resource)
def test_a_kind_can_judge_any_object(kind: Kind) -> None:
    careless = Careless(kind, Random(f"{SEED} {kind.resource}"))
    old = None
    for _ in range(ROUNDS):
        obj = careless.object()
        judged(kind, copy.deepcopy(obj), None)
        if old is not None:
            judged(kind, copy.deepcopy(obj), old)
            changed_through(kind, obj, old)
        old = obj
