"""Every kind of check against a real cluster: when it holds, and what it says when it does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster_engine.apiserver.requests import ADMIN, Request
from cluster_engine.simulation.limits import Limits
from playground.hosting.host import ClusterPlan
from playground.hosting.local import LocalHost
from playground.lab_sessions.manifests.actions import Action, perform
from playground.lessons.checks.check import Check, Outcome
from playground.lessons.checks.reader import Reader
from playground.lessons.checks.sources.registry import BY_KEY, SOURCES
from playground.lessons.format.reading import read
from tests.playground.lessons.folders import HEAD, TEXT, write

MANIFESTS = """\
apiVersion: v1
kind: Pod
metadata: {name: web-1, labels: {app: web}}
spec:
  containers:
  - name: web
    image: nginx
    env: [{name: COLOR, value: blue}]
    volumeMounts: [{name: data, mountPath: /data}]
  volumes: [{name: data, emptyDir: {}}]
---
apiVersion: v1
kind: Pod
metadata: {name: client, labels: {app: client}}
spec:
  containers: [{name: shell, image: busybox, command: [sleep, "100000"]}]
---
apiVersion: v1
kind: Pod
metadata: {name: huge, labels: {app: huge}}
spec:
  containers: [{name: a, image: nginx, resources: {requests: {cpu: "64"}}}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ships.sea.io}
spec:
  group: sea.io
  names: {kind: Ship, plural: ships, singular: ship}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""
SHIP = "apiVersion: sea.io/v1\nkind: Ship\nmetadata: {name: argo}\nspec: {oars: 50}\n"


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    host = LocalHost()
    await host.create("a", ClusterPlan(nodes=1, profile="instant", speed=0))
    for text in (MANIFESTS, SHIP):
        report = await perform(
            host=host,
            cluster_id="a",
            user=ADMIN,
            text=text,
            action=Action.APPLY,
            limits=Limits(),
        )
        assert [one.outcome for one in report.results if one.outcome == "failed"] == []
        await host.clock_advance("a", 20_000)
    yield Reader(host, "a")
    await host.close_all()


def check_of(folder: Path, fields: dict[str, Any]) -> Check:
    """The check that an author writes like this."""
    head = yaml.safe_load(HEAD)
    head["steps"][1]["checks"] = [{"says": "it holds", **fields}]
    lesson, problems = read(write(folder, head=yaml.safe_dump(head), text=TEXT))
    assert [problem.text() for problem in problems] == []
    assert lesson is not None
    return lesson.steps[1].checks[0]


HOLDS: list[tuple[str, dict[str, Any]]] = [
    ("an object is there", {"object": {"kind": "Pod", "name": "web-1"}}),
    (
        "an object is as it should be",
        {
            "object": {"kind": "Pod", "name": "web-1"},
            "where": "object.status.phase == 'Running'",
            "missing": "it is {object.status.phase}",
        },
    ),
    ("an object is not there", {"object": {"kind": "Pod", "name": "other"}, "not": True}),
    ("an object without a namespace", {"object": {"kind": "Node", "name": "node-1"}}),
    (
        "a custom object",
        {
            "object": {
                "kind": "Ship",
                "apiVersion": "sea.io/v1",
                "plural": "ships",
                "name": "argo",
            },
            "where": "object.spec.oars == 50",
            "missing": "it has {object.spec.oars} oars",
        },
    ),
    ("objects with labels", {"objects": {"kind": "Pod", "labels": "app in (web,client)"}}),
    (
        "objects together",
        {
            "objects": {"kind": "Pod"},
            "where": "objects.filter(o, o.status.phase == 'Running').size() == 2",
            "missing": "{objects.size()}",
        },
    ),
    ("a file is there", {"file": {"pod": "web-1", "path": "/etc/nginx/nginx.conf"}}),
    (
        "a file holds something",
        {
            "file": {"labels": "app=web", "path": "/proc/1/environ"},
            "where": "text.contains('COLOR=blue')",
            "missing": "no colour",
        },
    ),
    (
        "a directory is empty",
        {
            "file": {"pod": "web-*", "container": "web", "path": "/data"},
            "where": "exists && entries.size() == 0",
            "missing": "there is {entries}",
        },
    ),
    ("a service answers", {"http": {"host": "web"}}),
    (
        "a pod is answered",
        {
            "http": {"host": "web.default.svc", "path": "/x", "from": {"pod": "client"}},
            "where": "status == 404 && headers['server'].startsWith('nginx')",
            "missing": "{status}",
        },
    ),
    (
        "nobody answers",
        {
            "http": {"host": "web", "port": 81},
            "where": "error != ''",
            "missing": "somebody answers",
        },
    ),
    (
        "a log says something",
        {
            "log": {"labels": "app=web"},
            "where": "lines.exists(l, l.contains('start worker process'))",
            "missing": "{lines.size()} lines",
        },
    ),
    (
        "events of an object",
        {"events": {"kind": "Pod", "name": "hu*", "reason": "FailedScheduling", "type": "Warning"}},
    ),
    ("a pod has a node", {"scheduling": {"pod": "web-1"}}),
    (
        "a pod has none",
        {
            "scheduling": {"labels": "app=huge"},
            "where": "last.result == 'unschedulable' && last.message.contains('Insufficient cpu')",
            "missing": "{last.result}",
        },
    ),
]
FAILS: list[tuple[str, dict[str, Any], str]] = [
    (
        "no such object",
        {"object": {"kind": "Deployment", "name": "web"}},
        "there is no deployment web in namespace default",
    ),
    (
        "no such node",
        {"object": {"kind": "Node", "name": "x"}},
        "there is no node x",
    ),
    (
        "an object is otherwise",
        {
            "object": {"kind": "Pod", "name": "huge"},
            "where": "object.status.phase == 'Running'",
            "missing": "pod huge is {object.status.phase}",
        },
        "pod huge is Pending",
    ),
    (
        "a field is not there",
        {
            "object": {"kind": "Pod", "name": "web-1"},
            "where": "object.status.nothing == 1",
            "missing": "{object.status.nothing} is",
        },
        "not yet: it holds",
    ),
    (
        "an object is still there",
        {"object": {"kind": "Pod", "name": "web-1"}, "not": True, "missing": "it is still there"},
        "it is still there",
    ),
    (
        "no objects with those labels",
        {"objects": {"kind": "Pod", "labels": "app=none"}},
        "not yet: it holds",
    ),
    (
        "no such pod for a file",
        {"file": {"pod": "none", "path": "/x"}},
        "there is no pod none in namespace default",
    ),
    (
        "no such file",
        {"file": {"pod": "web-1", "path": "/nothing"}},
        "in pod web-1: No such file or directory",
    ),
    (
        "a file of a pod that does not run",
        {"file": {"pod": "huge", "path": "/x"}},
        "the container of pod huge is not running",
    ),
    ("nobody is called so", {"http": {"host": "nobody"}}, "nobody answers: no such host"),
    ("another answer", {"http": {"host": "web", "path": "/x"}}, "the answer has status 404"),
    (
        "nobody to ask from",
        {"http": {"host": "web", "from": {"labels": "app=none"}}},
        "there is no pod with labels app=none in namespace default",
    ),
    (
        "no log of a run before",
        {"log": {"pod": "web-1", "previous": True}},
        "pod web-1 has no such log yet",
    ),
    ("an empty log", {"log": {"pod": "client"}}, "the log of pod client is empty"),
    ("no such event", {"events": {"reason": "Rebooted"}}, "not yet: it holds"),
    (
        "not placed",
        {"scheduling": {"pod": "huge"}},
        "pod huge has no node: 0/1 nodes are available: 1 Insufficient cpu.",
    ),
    (
        "not all of them",
        {
            "log": {"labels": "app in (web,client)"},
            "every": True,
        },
        "the log of pod client is empty",
    ),
]


@pytest.mark.parametrize("fields", [row[1] for row in HOLDS], ids=[row[0] for row in HOLDS])
async def test_it_holds_when(reader: Reader, tmp_path: Path, fields: dict[str, Any]) -> None:
    assert await check_of(tmp_path, fields).outcome(reader) == Outcome(True)


@pytest.mark.parametrize(
    ("fields", "missing"), [row[1:] for row in FAILS], ids=[row[0] for row in FAILS]
)
async def test_it_says_what_is_missing_when(
    reader: Reader, tmp_path: Path, fields: dict[str, Any], missing: str
) -> None:
    outcome = await check_of(tmp_path, fields).outcome(reader)
    assert (outcome.holds, outcome.missing[: len(missing)]) == (False, missing)


def test_every_source_is_tried() -> None:
    for rows in (HOLDS, FAILS):
        used = {key for row in rows for key in row[1] if key in BY_KEY}
        assert used == {source.key for source in SOURCES}


async def test_looking_changes_nothing(reader: Reader, tmp_path: Path) -> None:
    host = reader._host
    assert isinstance(host, LocalHost)
    before = await host.call("a", Request("GET", "/api/v1/pods", user=ADMIN))
    changed: list[str] = []
    host.listen(changed.append)
    for number, (_, fields) in enumerate(HOLDS):
        await check_of(tmp_path / str(number), fields).outcome(Reader(host, "a"))
    after = await host.call("a", Request("GET", "/api/v1/pods", user=ADMIN))
    assert before.body == after.body
    assert changed == []
