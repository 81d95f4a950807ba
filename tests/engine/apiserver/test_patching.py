"""The three kinds of patches, and applying with owned fields."""

from typing import Any

import pytest

from tests.engine.apiserver.served import (
    CONFIGS,
    DEPLOYMENTS,
    JSON_PATCH,
    MERGE,
    STRATEGIC,
    Served,
    config,
)
from tests.engine.apiserver.test_updating import DEPLOYMENT


@pytest.mark.parametrize(
    ("content_type", "patch", "data"),
    [
        pytest.param(
            MERGE, {"data": {"x": None, "z": "3"}}, {"y": "2", "z": "3"}, id="a merge patch"
        ),
        pytest.param(
            STRATEGIC, {"data": {"x": None, "z": "3"}}, {"y": "2", "z": "3"}, id="a strategic one"
        ),
        pytest.param(
            JSON_PATCH,
            [
                {"op": "test", "path": "/data/x", "value": "1"},
                {"op": "move", "from": "/data/x", "path": "/data/w"},
                {"op": "remove", "path": "/data/y"},
            ],
            {"w": "1"},
            id="a JSON patch",
        ),
    ],
)
def test_patches(served: Served, content_type: str, patch: Any, data: dict[str, str]) -> None:
    served.post(CONFIGS, config("a", {"x": "1", "y": "2"}))
    answer = served.ask("PATCH", f"{CONFIGS}/a", patch, content_type=content_type)
    assert (answer.status, answer.body["data"]) == (200, data)


@pytest.mark.parametrize(
    ("content_type", "patch", "status", "message"),
    [
        pytest.param(
            JSON_PATCH,
            [{"op": "test", "path": "/data/x", "value": "9"}],
            422,
            "the server rejected our request due to an error in our request",
            id="a test that fails",
        ),
        pytest.param(
            JSON_PATCH,
            [{"op": "remove", "path": "/data/q"}],
            422,
            "the server rejected our request due to an error in our request",
            id="a path that is not there",
        ),
        pytest.param(MERGE, b"[", 400, "invalid JSON patch", id="no JSON"),
        pytest.param(
            "application/json",
            {},
            415,
            "415: Unsupported Media Type",
            id="no type of patch",
        ),
        pytest.param(
            MERGE,
            {"metadata": {"resourceVersion": "1"}},
            409,
            "the object has been modified",
            id="an outdated resource version",
        ),
    ],
)
def test_refused_patches(
    served: Served, content_type: str, patch: Any, status: int, message: str
) -> None:
    served.post(CONFIGS, config("a", {"x": "1"}))
    before = served.store.revision
    answer = served.ask("PATCH", f"{CONFIGS}/a", patch, content_type=content_type)
    assert answer.status == status
    assert message in answer.message
    assert served.store.revision == before


def test_strategic_patches_merge_lists_by_key(served: Served) -> None:
    served.post(DEPLOYMENTS, DEPLOYMENT)
    containers = [{"name": "c", "image": "j"}, {"name": "d", "image": "k"}]
    patch = {"spec": {"template": {"spec": {"containers": containers}}}}
    answer = served.ask("PATCH", f"{DEPLOYMENTS}/d", patch, content_type=STRATEGIC)
    found = answer.body["spec"]["template"]["spec"]["containers"]
    assert {item["name"]: item["image"] for item in found} == {"c": "j", "d": "k"}


def test_apply_creates_and_changes(served: Served) -> None:
    created = served.apply(f"{CONFIGS}/a", config("a", {"x": "1"}))
    assert created.status == 201
    changed = served.apply(f"{CONFIGS}/a", config("a", {"y": "2"}))
    assert (changed.status, changed.body["data"]) == (200, {"y": "2"})


def test_apply_needs_a_manager(served: Served) -> None:
    answer = served.ask(
        "PATCH", f"{CONFIGS}/a", config("a"), content_type="application/apply-patch+yaml"
    )
    assert answer.status == 422
    assert "is required for apply patch" in answer.message


def test_owned_fields_are_not_overwritten(served: Served) -> None:
    path = f"{CONFIGS}/a"
    served.apply(path, config("a", {"x": "1"}), manager="one")
    answer = served.apply(path, config("a", {"x": "2"}), manager="two")
    assert answer.status == 409
    assert answer.message == 'Apply failed with 1 conflict: conflict with "one": .data.x'
    assert answer.body["details"]["causes"] == [
        {"reason": "FieldManagerConflict", "message": 'conflict with "one"', "field": ".data.x"}
    ]


def test_forced_fields_change_hands(served: Served) -> None:
    path = f"{CONFIGS}/a"
    served.apply(path, config("a", {"x": "1", "y": "1"}), manager="one")
    forced = served.apply(f"{path}?force=true", config("a", {"x": "2"}), manager="two")
    assert forced.body["data"] == {"x": "2", "y": "1"}
    owners = {
        entry["manager"]: entry["fieldsV1"]["f:data"]
        for entry in forced.body["metadata"]["managedFields"]
    }
    assert owners == {"one": {"f:y": {}}, "two": {"f:x": {}}}


def test_shared_fields_stay_until_nobody_wants_them(served: Served) -> None:
    path = f"{CONFIGS}/a"
    served.apply(path, config("a", {"x": "1"}), manager="one")
    served.apply(path, config("a", {"x": "1"}), manager="two")
    assert served.apply(path, config("a"), manager="one").body["data"] == {"x": "1"}
    assert "data" not in served.apply(path, config("a"), manager="two").body


def test_applying_the_same_again_changes_nothing(served: Served) -> None:
    served.apply(f"{CONFIGS}/a", config("a", {"x": "1"}))
    before = served.store.revision
    served.advance(5_000)
    assert served.apply(f"{CONFIGS}/a", config("a", {"x": "1"})).status == 200
    assert served.store.revision == before


def test_a_dry_run_of_apply_shows_the_outcome(served: Served) -> None:
    answer = served.apply(f"{CONFIGS}/a?dryRun=All", config("a", {"x": "1"}))
    assert (answer.status, answer.body["data"]) == (201, {"x": "1"})
    assert served.get(f"{CONFIGS}/a").status == 404
