"""Flow schemas and the priority levels they name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.apiserver.served import Served

BASE = "/apis/flowcontrol.apiserver.k8s.io/v1"
SCHEMAS, LEVELS = f"{BASE}/flowschemas", f"{BASE}/prioritylevelconfigurations"


def schema(level: str) -> dict[str, Any]:
    """A flow schema of that level."""
    return {
        "apiVersion": "flowcontrol.apiserver.k8s.io/v1",
        "kind": "FlowSchema",
        "metadata": {"name": "robots"},
        "spec": {"priorityLevelConfiguration": {"name": level}},
    }


def level(name: str) -> dict[str, Any]:
    """A level that refuses what it cannot take."""
    return {
        "apiVersion": "flowcontrol.apiserver.k8s.io/v1",
        "kind": "PriorityLevelConfiguration",
        "metadata": {"name": name},
        "spec": {"type": "Limited", "limited": {"limitResponse": {"type": "Reject"}}},
    }


def dangling(served: Served) -> tuple[str, str]:
    """Whether the schema's level is missing, and why that is thought."""
    (condition,) = served.get(f"{SCHEMAS}/robots").body["status"]["conditions"]
    assert condition["type"] == "Dangling"
    return condition["status"], condition["reason"]


@pytest.mark.parametrize("name", ["catch-all", "exempt"])
def test_some_levels_always_exist(served: Served, name: str) -> None:
    assert served.post(SCHEMAS, schema(name)).body["status"] == {}
    assert dangling(served) == ("False", "Found")


def test_a_level_comes_and_goes(served: Served) -> None:
    served.post(SCHEMAS, schema("low"))
    assert dangling(served) == ("True", "NotFound")
    served.post(LEVELS, level("low"))
    assert dangling(served) == ("False", "Found")
    served.delete(f"{LEVELS}/low")
    assert dangling(served) == ("True", "NotFound")


def test_another_level_may_be_named(served: Served) -> None:
    served.post(SCHEMAS, schema("low"))
    served.merge(
        f"{SCHEMAS}/robots", {"spec": {"priorityLevelConfiguration": {"name": "catch-all"}}}
    )
    assert dangling(served) == ("False", "Found")
    assert served.delete(f"{SCHEMAS}/robots").status == 200
