"""Manifests through the REST API's own door, against a real cluster."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from cluster_engine.apiserver.requests import ADMIN
from cluster_engine.simulation.limits import Limits
from playground.hosting.host import ClusterPlan
from playground.hosting.local import LocalHost
from playground.lab_sessions.examples import EXAMPLES
from playground.lab_sessions.manifests import actions
from playground.lab_sessions.manifests.actions import Action, perform
from playground.lab_sessions.manifests.fields import locate

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: nginx
"""


@dataclass
class Lab:
    """A cluster to try manifests on."""

    host: LocalHost

    async def do(self, action: Action, text: str) -> dict[str, Any]:
        report = await perform(
            host=self.host,
            cluster_id="lab",
            user=ADMIN,
            text=text,
            action=action,
            limits=Limits(),
        )
        return report.body(100)


@pytest.fixture
async def lab(host: LocalHost) -> Lab:
    await host.create("lab", ClusterPlan(speed=0))
    return Lab(host)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param(
            POD + "    bogus: 1\n", 9, 'unknown field "spec.containers[0].bogus"', id="unknown"
        ),
        pytest.param(
            POD + '    ports:\n    - containerPort: "80"\n',
            10,
            "spec.containers[0].ports[0].containerPort is a text, but must be a number "
            "without quotes",
            id="wrong type",
        ),
        pytest.param(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  one: ok\n  two: 1\n",
            7,
            "data.two is a number, but must be a text",
            id="wrong type in a map",
        ),
        pytest.param(
            POD + "    ports:\n    - containerPort: 99999999999999999999999\n",
            10,
            "spec.containers[0].ports[0].containerPort",
            id="a number beyond all bounds",
        ),
        pytest.param(POD + "  name: again\n  name: twice\n", 10, "already set", id="duplicate key"),
        pytest.param(POD + "  bad\n", 10, "", id="syntax"),
        pytest.param("kind: Pod\nmetadata:\n  name: a\n", 1, "apiVersion is missing", id="version"),
        pytest.param("apiVersion: v1\nkind: Pod\n", 1, "metadata.name is missing", id="no name"),
        pytest.param(
            "apiVersion: v1\nkind: Pood\nmetadata:\n  name: a\n",
            2,
            "v1 has no kind Pood",
            id="kind",
        ),
        pytest.param(
            "apiVersion: nope/v1\nkind: A\nmetadata:\n  name: a\n",
            1,
            "this cluster has no API nope/v1",
            id="group",
        ),
        pytest.param(
            POD.replace("image: nginx", 'image: ""'),
            8,
            "spec.containers[0].image: Required value",
            id="refused by validation",
        ),
        pytest.param("# nothing\n", 1, "there is no object in this text", id="empty"),
        pytest.param("- a\n- b\n", 1, "not a list", id="a list"),
    ],
)
async def test_a_problem_is_shown_where_it_is(lab: Lab, text: str, line: int, message: str) -> None:
    body = await lab.do(Action.CHECK, text)
    assert body["problems"], body
    assert (body["problems"][0]["line"], True) == (line, message in body["problems"][0]["message"])


async def test_a_faultless_text_has_no_problems(lab: Lab) -> None:
    assert (await lab.do(Action.CHECK, POD)) == {"results": [], "problems": []}


@pytest.mark.parametrize("example", EXAMPLES, ids=[one.name for one in EXAMPLES])
async def test_every_example_applies(lab: Lab, example: Any) -> None:
    body = await lab.do(Action.APPLY, example.text)
    assert body["problems"] == []
    assert {result["outcome"] for result in body["results"]} == {"created"}


async def test_applying_twice_changes_nothing(lab: Lab) -> None:
    text = EXAMPLES[2].text
    first = await lab.do(Action.APPLY, text)
    assert [result["outcome"] for result in first["results"]] == ["created", "created"]
    second = await lab.do(Action.APPLY, text)
    assert [result["outcome"] for result in second["results"]] == ["unchanged", "unchanged"]


async def test_a_change_is_configured_and_its_diff_shows_only_that(lab: Lab) -> None:
    await lab.do(Action.APPLY, EXAMPLES[2].text)
    changed = EXAMPLES[2].text.replace("replicas: 3", "replicas: 5")
    body = await lab.do(Action.DIFF, changed)
    diff = body["results"][0]["diff"].splitlines()
    assert "-  replicas: 3" in diff
    assert "+  replicas: 5" in diff
    assert body["results"][1]["diff"] == ""
    body = await lab.do(Action.APPLY, changed)
    assert [result["outcome"] for result in body["results"]] == ["configured", "unchanged"]


async def test_a_dry_run_creates_nothing(lab: Lab) -> None:
    body = await lab.do(Action.DRY_RUN, POD)
    assert body["results"][0]["outcome"] == "created"
    assert body["results"][0]["object"]["spec"]["restartPolicy"] == "Always"
    again = await lab.do(Action.DRY_RUN, POD)
    assert again["results"][0]["outcome"] == "created"


async def test_one_wrong_document_stops_them_all(lab: Lab) -> None:
    wrong = POD.replace("name: web", "name: other").replace("image: nginx", "imag: nginx")
    body = await lab.do(Action.APPLY, f"{POD}---\n{wrong}")
    assert body["results"] == []
    assert body["problems"][0]["line"] == 17
    assert (await lab.do(Action.DRY_RUN, POD))["results"][0]["outcome"] == "created"


async def test_a_refusal_of_the_cluster_stops_them_all_too(lab: Lab) -> None:
    wrong = POD.replace("name: web\nspec", "name: Bad_Name\nspec")
    body = await lab.do(Action.APPLY, f"{POD}---\n{wrong}")
    assert [result["outcome"] for result in body["results"]] == ["skipped", "failed"]
    assert "nothing was applied" in body["results"][0]["message"]
    assert (await lab.do(Action.DRY_RUN, POD))["results"][0]["outcome"] == "created"


async def test_objects_may_need_a_namespace_of_the_same_text(lab: Lab) -> None:
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team\n"
    pod = POD.replace("name: web\nspec", "name: web\n  namespace: team\nspec")
    body = await lab.do(Action.APPLY, f"{namespace}---\n{pod}")
    assert body["problems"] == []
    assert [result["outcome"] for result in body["results"]] == ["created", "created"]


async def test_deleting_says_what_was_not_there(lab: Lab) -> None:
    await lab.do(Action.APPLY, POD)
    other = POD.replace("name: web\nspec", "name: other\nspec")
    body = await lab.do(Action.DELETE, f"{POD}---\n{other}")
    assert [result["outcome"] for result in body["results"]] == ["deleted", "skipped"]


async def test_the_items_of_a_list_are_documents(lab: Lab) -> None:
    items = "".join(
        f"- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: c{number}\n"
        for number in range(3)
    )
    body = await lab.do(Action.APPLY, f"apiVersion: v1\nkind: List\nitems:\n{items}")
    assert [(result["name"], result["line"]) for result in body["results"]] == [
        ("c0", 4),
        ("c1", 8),
        ("c2", 12),
    ]


def test_a_path_without_indexes_is_found_in_the_object() -> None:
    value = {"a": [{"b": 1}, {"b": "text"}]}
    assert locate(value, ["a", "b"], (str,)) == ("a", 1, "b")
    assert locate(value, ["a", "c"], (str,)) is None
    assert locate({"a": {"b": True, "c": 1}}, ["a"], (int, float)) == ("a", "c")


async def test_a_made_up_name_is_told(lab: Lab) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: map-\n"
    result = (await lab.do(Action.APPLY, text))["results"][0]
    assert result["name"].startswith("map-")
    assert result["name"] == result["object"]["metadata"]["name"]


async def test_only_a_diff_compares_texts(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def difference(live: Any, merged: Any, name: str) -> str:
        compared.append(threading.current_thread().name)
        return "a difference"

    monkeypatch.setattr(actions, "difference", difference)
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n"
    long_text = head + "".join(f"  key-{number}: value\n" for number in range(2_000))
    for action in (Action.CHECK, Action.DRY_RUN, Action.APPLY):
        await lab.do(action, long_text)
    assert compared == []
    changed = await lab.do(Action.DIFF, long_text + "  more: value\n")
    assert changed["results"][0]["diff"] == "a difference"
    assert compared != [threading.main_thread().name]
    same = await lab.do(Action.DIFF, long_text)
    assert (same["results"][0]["outcome"], same["results"][0]["diff"]) == ("unchanged", "")
    assert len(compared) == 1


async def test_our_own_deployment_applies(lab: Lab) -> None:
    text = (Path(settings.ROOT) / "deploy" / "podyard.yaml").read_text()
    body = await lab.do(Action.APPLY, text)
    assert body["problems"] == []
    assert {result["outcome"] for result in body["results"]} == {"created"}
