"""Getting and listing: selectors, pages, revisions, tables and other shapes of an answer."""

from typing import Any

import pytest

from cluster_engine.apiserver.requests import ADMIN, Request
from tests.engine.apiserver.served import CONFIGS, PODS, TABLE, Served, config

PARTIAL = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
PARTIAL_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"


@pytest.fixture
def letters(served: Served) -> Served:
    """Four config maps: a and b are warm, c and d are cold; b and d are big."""
    for name, warmth, size in (
        ("a", "warm", "small"),
        ("b", "warm", "big"),
        ("c", "cold", "small"),
        ("d", "cold", "big"),
    ):
        served.post(CONFIGS, config(name, labels={"warmth": warmth, "size": size}))
    return served


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param("", ["a", "b", "c", "d"], id="everything without a selector"),
        pytest.param("labelSelector=warmth=warm", ["a", "b"], id="equal labels"),
        pytest.param("labelSelector=warmth!=warm", ["c", "d"], id="unequal labels"),
        pytest.param(
            "labelSelector=warmth%3Dwarm,size%20in%20(big,huge)", ["b"], id="a set and an equation"
        ),
        pytest.param("labelSelector=!warmth", [], id="no label at all"),
        pytest.param("fieldSelector=metadata.name=c", ["c"], id="a field"),
        pytest.param("fieldSelector=metadata.name!=c", ["a", "b", "d"], id="not a field"),
        pytest.param(
            "fieldSelector=metadata.name=c&labelSelector=size=big", [], id="both must match"
        ),
    ],
)
def test_selectors(letters: Served, query: str, names: list[str]) -> None:
    assert letters.get(f"{CONFIGS}?{query}").names == names


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        pytest.param(
            "labelSelector=a%20%20b",
            400,
            "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
            id="no selector of labels",
        ),
        pytest.param(
            "fieldSelector=data.x=1",
            400,
            '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
            id="a field nobody selects by",
        ),
        pytest.param(
            "continue=zap",
            400,
            "invalid continue token: continue key is not valid: ",
            id="a token that was never given",
        ),
        pytest.param(
            "resourceVersion=999999999",
            504,
            "Too large resource version: 999999999, current: ",
            id="a revision that is not there yet",
        ),
    ],
)
def test_refused_lists(served: Served, query: str, status: int, message: str) -> None:
    answer = served.get(f"{CONFIGS}?{query}")
    assert answer.status == status
    assert message in answer.message


def test_pages_show_one_revision(letters: Served) -> None:
    first = letters.get(f"{CONFIGS}?limit=3")
    token = first.body["metadata"]["continue"]
    assert first.names == ["a", "b", "c"]
    assert first.body["metadata"]["remainingItemCount"] == 1
    letters.post(CONFIGS, config("e"))
    letters.delete(f"{CONFIGS}/d")
    second = letters.get(f"{CONFIGS}?limit=3&continue={token}")
    assert second.names == ["d"]
    assert "continue" not in second.body["metadata"]
    assert second.body["metadata"]["resourceVersion"] == first.body["metadata"]["resourceVersion"]


def test_a_token_ends_with_its_revision(letters: Served) -> None:
    token = letters.get(f"{CONFIGS}?limit=2").body["metadata"]["continue"]
    letters.post(CONFIGS, config("e"))
    letters.store.compact(letters.store.revision)
    answer = letters.get(f"{CONFIGS}?limit=2&continue={token}")
    assert (answer.status, answer.body["reason"]) == (410, "Expired")
    resumed = letters.get(f"{CONFIGS}?continue={answer.body['metadata']['continue']}")
    assert resumed.names == ["c", "d", "e"]


def test_an_exact_revision_is_read_from_history(letters: Served) -> None:
    revision = letters.store.revision
    letters.delete(f"{CONFIGS}/a")
    query = f"resourceVersion={revision}&resourceVersionMatch=Exact"
    answer = letters.get(f"{CONFIGS}?{query}")
    assert answer.names == ["a", "b", "c", "d"]
    assert answer.body["metadata"]["resourceVersion"] == str(revision)


def test_all_namespaces_are_listed_in_order(letters: Served) -> None:
    letters.post("/api/v1/namespaces/kube-system/configmaps", config("a"))
    found = letters.get("/api/v1/configmaps?labelSelector=warmth").names
    assert found == ["a", "b", "c", "d"]
    everywhere = letters.get("/api/v1/configmaps").body["items"]
    places = [(item["metadata"]["namespace"], item["metadata"]["name"]) for item in everywhere]
    assert places == sorted(places)


def test_items_of_a_list_have_no_kind(letters: Served) -> None:
    body = letters.get(CONFIGS).body
    assert (body["apiVersion"], body["kind"]) == ("v1", "ConfigMapList")
    assert not any("kind" in item for item in body["items"])


def test_a_table_has_columns_and_rows(letters: Served) -> None:
    letters.advance(90_000)
    table = letters.get(CONFIGS, accept=f"{TABLE},application/json").body
    assert table["kind"] == "Table"
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Data", "Age"]
    assert table["rows"][0]["cells"] == ["a", 0, "90s"]
    assert table["rows"][0]["object"]["kind"] == "PartialObjectMetadata"
    assert table["rows"][0]["object"]["metadata"]["name"] == "a"


@pytest.mark.parametrize(
    ("included", "kind"),
    [
        pytest.param("Object", "ConfigMap", id="whole objects"),
        pytest.param("Metadata", "PartialObjectMetadata", id="metadata"),
        pytest.param("None", None, id="nothing"),
    ],
)
def test_rows_hold_what_is_asked_for(letters: Served, included: str, kind: str | None) -> None:
    table = letters.get(f"{CONFIGS}?includeObject={included}", accept=TABLE).body
    held = table["rows"][0]["object"]
    assert (held and held["kind"]) == kind


def test_one_object_as_a_table(letters: Served) -> None:
    table = letters.get(f"{CONFIGS}/a", accept=TABLE).body
    assert len(table["rows"]) == 1


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        pytest.param(f"{CONFIGS}/a", PARTIAL, "PartialObjectMetadata", id="of one object"),
        pytest.param(CONFIGS, PARTIAL_LIST, "PartialObjectMetadataList", id="of a list"),
    ],
)
def test_metadata_only(letters: Served, path: str, accept: str, kind: str) -> None:
    body: dict[str, Any] = letters.get(path, accept=accept).body
    assert body["kind"] == kind
    assert "data" not in (body.get("items") or [body])[0]


def test_yaml_is_answered_when_asked_for(letters: Served) -> None:
    answer = letters.get(f"{CONFIGS}/a", accept="application/yaml")
    assert answer.headers["content-type"] == "application/yaml"
    assert answer.body.startswith(b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n")


def test_json_is_answered_when_only_protobuf_is_asked_for(letters: Served) -> None:
    answer = letters.get(f"{CONFIGS}/a", accept="application/vnd.kubernetes.protobuf")
    assert answer.body["metadata"]["name"] == "a"


def test_no_other_media_type_is_answered(letters: Served) -> None:
    answer = letters.get(f"{CONFIGS}/a", accept="text/html")
    assert (answer.status, answer.body["reason"]) == (406, "NotAcceptable")


def test_pretty_answers_are_indented(served: Served) -> None:
    response = served.api.handle(Request("GET", PODS, "pretty=true", {}, user=ADMIN))
    assert response.body.startswith(b'{\n  "kind": "PodList",\n  "apiVersion": "v1",\n')


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param(f"{CONFIGS}/zap", 'configmaps "zap" not found', id="no such object"),
        pytest.param(
            "/apis/apps/v1/namespaces/default/deployments/zap",
            'deployments.apps "zap" not found',
            id="no such object of a group",
        ),
        pytest.param(
            "/api/v1/zaps", "the server could not find the requested resource", id="no such kind"
        ),
    ],
)
def test_not_found(served: Served, path: str, message: str) -> None:
    answer = served.get(path)
    assert (answer.status, answer.body["reason"]) == (404, "NotFound")
    assert answer.message == message


UNKNOWN_FIELDS = {
    "/api/v1/nodes?fieldSelector=metadata.namespace=a": (
        "field label not supported: metadata.namespace"
    ),
    "/apis/batch/v1/jobs?fieldSelector=status.active=1": (
        'field label "status.active" not supported for Job'
    ),
    "/apis/resource.k8s.io/v1/resourceslices?fieldSelector=a=b": (
        "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: a"
    ),
}


@pytest.mark.parametrize(("path", "text"), UNKNOWN_FIELDS.items(), ids=UNKNOWN_FIELDS.keys())
def test_a_kind_with_fields_of_its_own_has_its_own_words(
    served: Served, path: str, text: str
) -> None:
    answer = served.get(path)
    assert (answer.status, answer.message) == (400, text)
