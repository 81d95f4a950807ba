"""A valid object of every kind is accepted, shown and read back."""

from __future__ import annotations

import pytest

from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.registry import KINDS
from cluster_engine.schema.check import check
from tests.engine.kinds.judging import NOW_MS, kind_of, manifest, stored, valid_objects

#: Tables of kinds without columns of their own show name and age.
PLAIN = {"limitranges", "roles.rbac.authorization.k8s.io", "clusterroles.rbac.authorization.k8s.io"}
#: ComponentStatus is made up, PodCertificateRequest needs a proof of its key.
UNTRIED = {"componentstatuses", "podcertificaterequests.certificates.k8s.io"}

NAMES = list(valid_objects())
STORED = [kind for kind in KINDS if "list" in kind.verbs]


@pytest.mark.parametrize("kind", STORED, ids=lambda kind: kind.resource)
def test_a_kind_that_can_be_listed_has_columns(kind: Kind) -> None:
    if kind.resource in PLAIN:
        assert not kind.columns and kind.cells is None
    else:
        assert kind.columns and kind.cells is not None, f"{kind.resource} has no columns"


@pytest.mark.parametrize("kind", STORED, ids=lambda kind: kind.resource)
def test_a_kind_that_can_be_listed_has_a_valid_object(kind: Kind) -> None:
    tried = {kind_of(obj).resource for obj in valid_objects().values()} | UNTRIED
    assert kind.resource in tried, f"valid.yaml has no {kind.resource}"


@pytest.mark.parametrize("name", NAMES)
def test_a_valid_object_has_no_problems(name: str) -> None:
    obj = stored(name)
    validate = kind_of(manifest(name)).validate
    assert validate is None or [problem.text() for problem in validate(obj)] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_unchanged_object_has_no_problems(name: str) -> None:
    validate = kind_of(manifest(name)).validate_update
    if validate is not None:
        assert [problem.text() for problem in validate(stored(name), stored(name))] == []


@pytest.mark.parametrize("name", NAMES)
def test_defaults_are_final(name: str) -> None:
    obj = stored(name)
    kind = kind_of(obj)
    again = check(stored(name), kind.group, kind.version, kind.kind)
    assert (again.wrong, again.unknown) == ("", ())
    if kind.default is not None:
        kind.default(again.object)
    assert again.object == obj


@pytest.mark.parametrize("name", NAMES)
def test_a_row_has_a_cell_for_each_column(name: str) -> None:
    obj = stored(name)
    kind = kind_of(obj)
    if kind.cells is not None:
        cells = kind.cells(obj, NOW_MS)
        # Upstream's row of an IPAddress has an age that no column names.
        surplus = kind.resource == "ipaddresses.networking.k8s.io"
        assert len(cells) == len(kind.columns) + surplus
