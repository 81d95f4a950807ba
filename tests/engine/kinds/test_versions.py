"""The order of versions."""

from cluster_engine.kinds.versions import version_priority


def test_the_best_version_comes_first() -> None:
    ordered = ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "foo1", "v1foo"]
    assert sorted(set(ordered), key=version_priority) == ordered
