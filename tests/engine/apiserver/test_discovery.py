"""What clients ask before they ask for objects: versions, resources, health, documents."""

from typing import Any

import pytest

from tests.engine.apiserver.served import Served

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def test_versions(served: Served) -> None:
    assert served.get("/api").body["versions"] == ["v1"]
    version = served.get("/version").body
    assert (version["major"], version["minor"], version["gitVersion"]) == ("1", "37", "v1.37.2")


def test_groups_name_their_versions(served: Served) -> None:
    groups = {group["name"]: group for group in served.get("/apis").body["groups"]}
    assert groups["apps"]["preferredVersion"] == {"groupVersion": "apps/v1", "version": "v1"}
    assert served.get("/apis/apps").body["versions"] == groups["apps"]["versions"]


def test_resources_of_a_version(served: Served) -> None:
    found = {item["name"]: item for item in served.get("/api/v1").body["resources"]}
    assert found["pods"]["shortNames"] == ["po"]
    assert found["pods"]["namespaced"] is True
    assert "watch" in found["pods"]["verbs"]
    assert found["pods/eviction"]["kind"] == "Eviction"


def test_aggregated_discovery_says_the_same(served: Served) -> None:
    aggregated = served.get("/apis", accept=AGGREGATED)
    assert aggregated.headers["content-type"] == AGGREGATED
    groups = {item["metadata"]["name"]: item for item in aggregated.body["items"]}
    plain = served.get("/apis/apps/v1").body["resources"]
    resources = groups["apps"]["versions"][0]["resources"]
    assert sorted(item["resource"] for item in resources) == sorted(
        item["name"] for item in plain if "/" not in item["name"]
    )
    deployments = next(item for item in resources if item["resource"] == "deployments")
    assert [part["subresource"] for part in deployments["subresources"]] == ["scale", "status"]


@pytest.mark.parametrize("path", ["/healthz", "/livez", "/readyz"])
def test_health(served: Served, path: str) -> None:
    assert served.get(path).body == b"ok"
    verbose: bytes = served.get(f"{path}?verbose").body
    assert verbose.startswith(b"[+]ping ok\n")
    assert verbose.endswith(f"{path[1:]} check passed\n".encode())


def test_metrics_are_text(served: Served) -> None:
    answer = served.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert b"apiserver_storage_objects" in answer.body


def test_documents_describe_what_is_served(served: Served) -> None:
    index: dict[str, Any] = served.get("/openapi/v3").body["paths"]
    url = index["apis/apps/v1"]["serverRelativeURL"]
    document = served.get(url).body
    assert "/apis/apps/v1/namespaces/{namespace}/deployments/{name}" in document["paths"]
    assert "io.k8s.api.apps.v1.Deployment" in document["components"]["schemas"]
    whole = served.get("/openapi/v2").body
    assert whole["swagger"] == "2.0"
    assert "io.k8s.api.core.v1.Pod" in whole["definitions"]


@pytest.mark.parametrize("path", ["/zap", "/apis/zap.io", "/apis/apps/v9", "/openapi/v3/zap"])
def test_unknown_paths(served: Served, path: str) -> None:
    assert served.get(path).status == 404


def test_paths_are_listed(served: Served) -> None:
    paths = served.get("/").body["paths"]
    assert {"/api", "/apis", "/apis/apps/v1", "/version"} <= set(paths)
