"""What an editor and tables know about the types."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_engine.schema.explain import description, explain, full_name

STRATEGY = "io.k8s.api.apps.v1.DeploymentStrategy"
CONTAINER = "io.k8s.api.core.v1.Container"


@pytest.fixture(scope="module")
def deployment() -> dict[str, Any]:
    """Everything about deployments."""
    found = explain("apps", "v1", "Deployment")
    assert found is not None
    return found


def test_every_type_that_is_referred_to_is_there(deployment: dict[str, Any]) -> None:
    for definition in deployment["definitions"].values():
        for one in definition["properties"].values():
            for part in (one, one.get("items", {})):
                assert "ref" not in part or part["ref"] in deployment["definitions"]


def test_the_root_knows_its_version_and_kind(deployment: dict[str, Any]) -> None:
    properties = deployment["definitions"][deployment["root"]]["properties"]
    assert properties["apiVersion"]["enum"] == ["apps/v1"]
    assert properties["kind"]["enum"] == ["Deployment"]


def test_the_version_of_the_core_has_no_group() -> None:
    found = explain("", "v1", "Pod")
    assert found is not None
    properties = found["definitions"][found["root"]]["properties"]
    assert properties["apiVersion"]["enum"] == ["v1"]


SHAPES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a word": (STRATEGY, "type", {"type": "string", "enum": ["Recreate", "RollingUpdate"]}),
    "an object": (
        STRATEGY,
        "rollingUpdate",
        {"type": "object", "ref": "io.k8s.api.apps.v1.RollingUpdateDeployment"},
    ),
    "a list": (
        CONTAINER,
        "ports",
        {
            "type": "array",
            "items": {"type": "object", "ref": "io.k8s.api.core.v1.ContainerPort"},
        },
    ),
    "a mandatory field": (CONTAINER, "name", {"type": "string", "required": True}),
    "amounts": (
        "io.k8s.api.core.v1.ResourceRequirements",
        "limits",
        {"type": "map", "items": {"type": "quantity"}},
    ),
    "a number or a name": (
        "io.k8s.api.core.v1.HTTPGetAction",
        "port",
        {"type": "int-or-string", "required": True},
    ),
    "a time": (
        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
        "creationTimestamp",
        {"type": "date-time"},
    ),
    "a truth": ("io.k8s.api.core.v1.PodSpec", "hostNetwork", {"type": "boolean"}),
}


@pytest.mark.parametrize(("definition", "field", "shape"), SHAPES.values(), ids=SHAPES.keys())
def test_the_shape_of_a_field(
    deployment: dict[str, Any], definition: str, field: str, shape: dict[str, Any]
) -> None:
    found = deployment["definitions"][definition]["properties"][field]
    assert {key: value for key, value in found.items() if key != "description"} == shape
    assert found["description"]


def test_an_unknown_kind_has_nothing_to_explain() -> None:
    assert explain("example.com", "v1", "Widget") is None


def test_a_short_name_stands_for_a_long_one() -> None:
    assert full_name("core.v1.Pod") == "io.k8s.api.core.v1.Pod"
    assert full_name("meta.v1.Time") == "io.k8s.apimachinery.pkg.apis.meta.v1.Time"


def test_a_field_without_words_has_none() -> None:
    assert description("io.k8s.api.core.v1.Pod", "nothing") == ""
    assert description("io.k8s.api.core.v1.Pod").startswith("Pod is a collection of containers")
