"""A cluster's API as everybody: every resource of its discovery, every kind of path."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings

from playground.hosting.local import LocalHost
from playground.serving.application import make_application
from tests.playground.authorization import table
from tests.playground.authorization.table import Outcome
from tests.playground.authorization.world import MEMBERS, ROLES, make_world

RULES = table.rules()
ROWS = table.rows("Paths of a cluster")
SEEN, UNSEEN = (set(cells[1].replace("`", "").split()) for cells in table.words("Viewers"))
_READING = ("get", "list", "watch")
_SOURCES = ("cluster_engine", "playground/hosting", "playground/gateway")
_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_ACCESS_REVIEW = {
    "apiVersion": "authorization.k8s.io/v1",
    "kind": "SelfSubjectAccessReview",
}
_EVERYTHING = {"verb": "*", "group": "*", "resource": "*", "subresource": "*"}
_BODY = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "made"}}


async def ask(server: str, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
    """What a cluster's API answers, through the whole site."""
    raw_path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": server + raw_path,
        "query_string": query.encode(),
        "headers": [(b"host", b"testserver"), (b"content-type", b"application/json")],
    }
    talk = ApplicationCommunicator(make_application(), scope)
    sent = json.dumps(body).encode() if body is not None else b""
    await talk.send_input({"type": "http.request", "body": sent})
    status = (await talk.receive_output(5))["status"]
    answer = (await talk.receive_output(5)).get("body", b"")
    await talk.send_input({"type": "http.disconnect"})
    return status, answer


def outcome(status: int) -> Outcome:
    """A refusal of the cluster, or anything else; 503: what is behind a proxy does not answer."""
    if status >= 500 and status != 503:
        return Outcome.BROKEN
    return Outcome.NO if status in (401, 403) else Outcome.OK


def podyard_paths() -> set[str]:
    """What is served beside Kubernetes' own paths: the first word after the version."""
    found: set[str] = set()
    for folder in _SOURCES:
        for path in (Path(settings.ROOT) / folder).rglob("*.py"):
            found |= set(re.findall(r"/podyard/v1/(\w+)", path.read_text()))
    return found


def test_every_podyard_path_has_a_row() -> None:
    listed = {found[1] for row in ROWS if (found := re.match(r"/podyard/v1/(\w+)", row.path))}
    missing = "\n".join(f"| GET | `/podyard/v1/{one}` | … |" for one in podyard_paths() - listed)
    assert not missing, f"docs/authorization.md, section Paths of a cluster, needs:\n{missing}"


@pytest.mark.django_db(transaction=True)
async def test_everybody_meets_what_the_table_says(host: LocalHost) -> None:
    world = await make_world()
    wrong = []
    for role in ROLES:
        server = await world.server(role)
        for row in ROWS:
            body = _BODY if row.what in ("POST", "PUT", "PATCH") else None
            status, _ = await ask(server, row.what, row.path, body)
            wanted = RULES[row.rule][role]
            wanted = Outcome.NO if wanted is Outcome.HIDDEN else wanted
            if outcome(status) is not wanted:
                wrong.append(f"{row.what} {row.path} is {status} to {role}, not {wanted}")
    assert wrong == []


async def _resources(server: str) -> dict[str, tuple[str, list[str]]]:
    """Of the cluster's discovery: group and verbs by `resource.group`, subresources too."""
    found: dict[str, tuple[str, list[str]]] = {}
    _, groups = await ask(server, "GET", "/apis")
    versions = [("", "/api/v1")]
    for group in json.loads(groups)["groups"]:
        versions += [(group["name"], f"/apis/{one['groupVersion']}") for one in group["versions"]]
    for group, path in versions:
        for one in json.loads((await ask(server, "GET", path))[1])["resources"]:
            name = f"{one['name']}.{group}" if group else one["name"]
            found[name] = (group, one["verbs"])
    return found


async def _may(server: str, name: str, group: str, verb: str) -> bool:
    resource, _, subresource = name.removesuffix(f".{group}" if group else "").partition("/")
    attributes = {
        "verb": verb,
        "group": group,
        "resource": resource,
        "subresource": subresource,
        "namespace": "default",
    }
    review = {**_ACCESS_REVIEW, "spec": {"resourceAttributes": attributes}}
    status, answer = await ask(server, "POST", _REVIEWS, review)
    assert status == 201, answer
    return bool(json.loads(answer)["status"]["allowed"])


@pytest.mark.django_db(transaction=True)
async def test_viewers_read_what_the_table_lists_and_change_nothing(host: LocalHost) -> None:
    world = await make_world()
    viewer = await world.server("viewer")
    resources = await _resources(await world.server("owner"))
    readable = {
        name for name, (_, verbs) in resources.items() if "get" in verbs and "/" not in name
    }
    undecided = sorted(readable - SEEN - UNSEEN)
    assert undecided == [], "docs/authorization.md, section Viewers: may viewers read these?"
    wrong = []
    for name, (group, verbs) in resources.items():
        for verb in verbs:
            may = await _may(viewer, name, group, verb)
            is_question = group == "authorization.k8s.io" or group == "authentication.k8s.io"
            wanted = (verb in _READING and name in SEEN) or (verb == "create" and is_question)
            if may and not wanted:
                wrong.append(f"a viewer may {verb} {name}")
            if verb == "get" and name in SEEN and not may:
                wrong.append(f"a viewer may not {verb} {name}")
    assert wrong == []


@pytest.mark.django_db(transaction=True)
async def test_who_may_edit_may_do_everything_in_the_cluster(host: LocalHost) -> None:
    world = await make_world()
    for role in MEMBERS[:-1]:
        server = await world.server(role)
        review = {**_ACCESS_REVIEW, "spec": {"resourceAttributes": _EVERYTHING}}
        status, answer = await ask(server, "POST", _REVIEWS, review)
        assert (status, json.loads(answer)["status"]["allowed"]) == (201, True)


@pytest.mark.django_db(transaction=True)
async def test_a_secret_of_one_session_opens_no_other(host: LocalHost) -> None:
    world, other = await make_world(), await make_world()
    for role in MEMBERS:
        secret = await world.token(role)
        status, _ = await ask(f"/k8s/{other.session.id}/{secret}", "GET", "/api/v1/nodes")
        assert status == 401


@pytest.mark.django_db(transaction=True)
async def test_a_viewer_becomes_nobody_else_by_a_header(host: LocalHost) -> None:
    viewer = await (await make_world()).server("viewer")
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{viewer}/api/v1/namespaces/default/configmaps",
        "query_string": b"",
        "headers": [
            (b"host", b"testserver"),
            (b"content-type", b"application/json"),
            (b"impersonate-user", b"admin"),
            (b"impersonate-group", b"system:masters"),
        ],
    }
    talk = ApplicationCommunicator(make_application(), scope)
    await talk.send_input({"type": "http.request", "body": json.dumps(_BODY).encode()})
    assert (await talk.receive_output(5))["status"] == 403
