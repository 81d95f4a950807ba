"""The documents that clients learn the types from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from cluster_engine.schema.catalogue import load
from cluster_engine.schema.compile import read_words
from cluster_engine.schema.openapi import ServedKind, document_v2, document_v3

VERSION = "v1.37.2"
POD = "io.k8s.api.core.v1.Pod"
CONTAINER = "io.k8s.api.core.v1.Container"
DEPLOYMENT = "io.k8s.api.apps.v1.Deployment"
ALL = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
PODS = ServedKind("", "v1", "Pod", "pods", True, ALL, (("log", ("get",)), ("status", ("patch",))))
NODES = ServedKind("", "v1", "Node", "nodes", False, ALL)
REVIEWS = ServedKind(
    "authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", False, ("create",)
)
DEPLOYMENTS = ServedKind(
    "apps",
    "v1",
    "Deployment",
    "deployments",
    True,
    ALL,
    (("scale", ("get",)),),
    (("autoscaling", "v1", "Scale"),),
)


@pytest.fixture(scope="module")
def core() -> dict[str, Any]:
    """The document of the core, third edition."""
    document: dict[str, Any] = orjson.loads(document_v3(load(), [PODS, NODES], VERSION))
    return document


@pytest.fixture(scope="module")
def apps() -> dict[str, Any]:
    """The document of apps/v1."""
    document: dict[str, Any] = orjson.loads(document_v3(load(), [DEPLOYMENTS], VERSION))
    return document


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    """The document of everything, second edition."""
    kinds = [PODS, NODES, DEPLOYMENTS, REVIEWS]
    document: dict[str, Any] = orjson.loads(document_v2(load(), kinds, VERSION))
    return document


def references(value: Any) -> Iterator[str]:
    """Every reference in a document."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "$ref":
                yield item
            else:
                yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def test_a_document_says_what_it_is(core: dict[str, Any], whole: dict[str, Any]) -> None:
    assert (core["openapi"], whole["swagger"]) == ("3.0.0", "2.0")
    assert core["info"] == whole["info"] == {"title": "Kubernetes", "version": VERSION}


def test_every_reference_leads_somewhere(
    core: dict[str, Any], apps: dict[str, Any], whole: dict[str, Any]
) -> None:
    for document, names, prefix in (
        (core, core["components"]["schemas"], "#/components/schemas/"),
        (apps, apps["components"]["schemas"], "#/components/schemas/"),
        (whole, whole["definitions"], "#/definitions/"),
    ):
        for reference in references(document):
            assert reference.startswith(prefix)
            assert reference.removeprefix(prefix) in names


def test_an_object_has_its_list_beside_it(core: dict[str, Any]) -> None:
    assert {POD, f"{POD}List"} <= set(core["components"]["schemas"])


def test_a_document_has_only_its_own_types(apps: dict[str, Any]) -> None:
    schemas = apps["components"]["schemas"]
    assert DEPLOYMENT in schemas
    assert "io.k8s.api.core.v1.Node" not in schemas
    # Deployments are scaled.
    assert "io.k8s.api.autoscaling.v1.Scale" in schemas


def test_a_field_has_its_words_and_its_default(core: dict[str, Any]) -> None:
    schemas = core["components"]["schemas"]
    protocol = schemas["io.k8s.api.core.v1.ContainerPort"]["properties"]["protocol"]
    assert protocol["enum"] == ["SCTP", "TCP", "UDP"]
    assert protocol["default"] == "TCP"
    assert ' - `"SCTP"` is the SCTP protocol.' in protocol["description"]
    assert schemas[CONTAINER]["properties"]["name"]["default"] == ""


def test_a_list_says_how_it_merges(core: dict[str, Any]) -> None:
    ports = core["components"]["schemas"][CONTAINER]["properties"]["ports"]
    assert ports["x-kubernetes-list-map-keys"] == ["containerPort", "protocol"]
    assert ports["x-kubernetes-patch-merge-key"] == "containerPort"
    assert ports["items"] == {"$ref": "#/components/schemas/io.k8s.api.core.v1.ContainerPort"}


def test_the_second_edition_refers_without_a_detour(whole: dict[str, Any]) -> None:
    field = whole["definitions"][CONTAINER]["properties"]["resources"]
    assert field["$ref"] == "#/definitions/io.k8s.api.core.v1.ResourceRequirements"


def test_the_third_edition_says_what_an_object_is_when_it_is_missing(core: dict[str, Any]) -> None:
    field = core["components"]["schemas"][CONTAINER]["properties"]["resources"]
    assert field["allOf"] == [
        {"$ref": "#/components/schemas/io.k8s.api.core.v1.ResourceRequirements"}
    ]
    assert field["default"] == {}


def test_a_path_names_the_kind_it_is_about(core: dict[str, Any], apps: dict[str, Any]) -> None:
    created = core["paths"]["/api/v1/namespaces/{namespace}/pods"]["post"]
    assert created["x-kubernetes-group-version-kind"] == {
        "group": "",
        "kind": "Pod",
        "version": "v1",
    }
    path = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}"
    assert apps["paths"][path]["patch"]["x-kubernetes-action"] == "patch"
    assert "/api/v1/nodes/{name}" in core["paths"]


def test_only_what_can_be_done_has_a_path(whole: dict[str, Any]) -> None:
    path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
    assert set(whole["paths"][path]) & {"get", "post", "delete"} == {"post"}
    assert f"{path}/{{name}}" not in whole["paths"]


def test_words_are_read_from_lines() -> None:
    lines = [
        "default a.v1.Thing.size 3",
        "enum a.v1.Thing.color a.v1.Other.color",
        "\tred\tis red.",
        "\tblue",
        "items a.v1.Thing.colors",
        "\tgreen",
        'description a.v1.Thing "A thing."',
    ]
    words = read_words("\n".join(lines))
    color = {"enum": ["red", "blue"], "meanings": ["is red.", ""]}
    assert words["a.v1.Other"] == {"color": color}
    assert words["a.v1.Thing"] == {
        "size": {"default": 3},
        "color": color,
        "colors": {"items": ["green"]},
        "": {"description": "A thing."},
    }
