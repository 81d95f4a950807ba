"""The compiled cache and the lookups over it."""

from pathlib import Path

import pytest

from cluster_engine.schema.catalogue import Catalogue, load
from cluster_engine.schema.compile import compile_cache


def test_a_kind_is_found_by_group_version_and_kind() -> None:
    definition = load().of_kind("apps", "v1", "Deployment")
    assert definition is not None
    assert definition.fields["spec"].ref == "io.k8s.api.apps.v1.DeploymentSpec"


def test_a_list_field_says_how_it_merges() -> None:
    ports = load().definition("io.k8s.api.core.v1.Container").fields["ports"]
    assert ports.patch_merge_key == "containerPort"
    assert ports.list_map_keys == ("containerPort", "protocol")
    assert ports.items is not None
    assert ports.items.ref == "io.k8s.api.core.v1.ContainerPort"


def test_a_map_field_says_what_its_values_are() -> None:
    data = load().definition("io.k8s.api.core.v1.Secret").fields["data"]
    assert data.values is not None
    assert (data.values.type, data.values.format) == ("string", "byte")


def test_an_unknown_kind_has_no_definition() -> None:
    assert load().of_kind("example.com", "v1", "Widget") is None


def test_null_and_the_added_enums_are_gone_from_a_compiled_definition() -> None:
    cache = compile_cache(
        {
            "a.Thing": {
                "type": ["object", "null"],
                "properties": {"kind": {"type": ["string", "null"], "enum": ["Thing"]}},
                "x-kubernetes-group-version-kind": [
                    {"group": "a", "version": "v1", "kind": "Thing"}
                ],
            }
        }
    )
    document = Catalogue(cache).document("a.Thing")
    assert document["type"] == "object"
    assert document["properties"] == {"kind": {"type": "string"}}


def test_a_cache_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="compile it again"):
        Catalogue(b"something else")


def test_a_missing_cache_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"cluster_engine\.schema\.compile"):
        load(tmp_path / "none.bin")
