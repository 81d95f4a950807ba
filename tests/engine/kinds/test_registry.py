"""Every kind is registered, complete, and published."""

import importlib
import pkgutil

import pytest

import cluster_engine.kinds as kinds_package
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.registry import KINDS, Registry
from cluster_engine.schema.catalogue import load


def _records() -> list[tuple[str, Kind]]:
    found = []
    for module in pkgutil.walk_packages(kinds_package.__path__, "cluster_engine.kinds."):
        record = getattr(importlib.import_module(module.name), "KIND", None)
        if record is not None:
            found.append((module.name, record))
    return found


@pytest.mark.parametrize(("module", "record"), _records(), ids=[name for name, _ in _records()])
def test_a_kind_module_is_in_its_registry(module: str, record: Kind) -> None:
    assert any(record is kind for kind in KINDS), (
        f"{module} has no line in its folder's registry.py"
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.resource)
def test_every_served_version_of_a_kind_is_published(kind: Kind) -> None:
    for version in kind.served_versions:
        assert load().of_kind(kind.group, version, kind.kind), f"{kind.kind} {version}"


def test_a_registry_finds_a_kind_by_each_of_its_names() -> None:
    registry = Registry()
    deployment = registry.resource("deployments.apps")
    assert deployment is not None
    assert registry.path("apps", "v1", "deployments") is deployment
    assert registry.kind("apps", "v1", "Deployment") is deployment
    assert registry.path("apps", "v1beta1", "deployments") is None


def test_every_served_version_is_a_path() -> None:
    registry = Registry()
    assert registry.path("autoscaling", "v1", "horizontalpodautoscalers") is registry.path(
        "autoscaling", "v2", "horizontalpodautoscalers"
    )


def test_a_kind_added_to_a_copy_is_not_in_the_original() -> None:
    original = Registry()
    copy = original.copy()
    copy.add(Kind("example.com", "v1", "Widget", "widgets", "widget", namespaced=True))
    assert copy.path("example.com", "v1", "widgets") is not None
    assert original.path("example.com", "v1", "widgets") is None


def test_a_removed_kind_is_served_no_more() -> None:
    registry = Registry()
    registry.remove("pods")
    assert registry.path("", "v1", "pods") is None
    assert registry.kind("", "v1", "Pod") is None
