"""`/k8s/<id>/<secret>/…`: which secret may do what in a real cluster."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator

from playground.accounts.visitors import new_visitor
from playground.hosting.local import LocalHost
from playground.lab_sessions.lifetimes import session_end, session_expire
from playground.lab_sessions.models import Session
from playground.lab_sessions.plans import Wishes
from playground.lab_sessions.roles import Role
from playground.lab_sessions.services import session_start
from playground.serving.application import make_application
from tests.playground.people import secret_as

pytestmark = pytest.mark.django_db(transaction=True)

CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
CONFIG_MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}


@dataclass
class Lab:
    """A session and its addresses."""

    session: Session

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: Role = Role.OWNER,
        secret: str = "",
        **headers: str,
    ) -> tuple[int, Any]:
        secret = secret or await secret_as(self.session, role)
        raw = [(b"content-type", b"application/json")]
        raw += [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http",
            "method": method,
            "path": f"/k8s/{self.session.id}/{secret}{path}",
            "query_string": b"",
            "headers": raw,
        }
        talk = ApplicationCommunicator(make_application(), scope)
        sent = json.dumps(body).encode() if body else b""
        await talk.send_input({"type": "http.request", "body": sent})
        status = (await talk.receive_output(2))["status"]
        answer = (await talk.receive_output(2))["body"]
        return status, json.loads(answer)


@pytest.fixture
async def lab(host: LocalHost) -> AsyncIterator[Lab]:
    wishes = Wishes(name="lab", nodes=1, minutes=60, speed=1, seed=1)
    session = await session_start(wishes=wishes, visitor=new_visitor(), address="127.0.0.1")
    yield Lab(session)


@pytest.mark.parametrize("role", [Role.OWNER, Role.EDITOR])
async def test_owners_and_editors_may_change_everything(lab: Lab, role: Role) -> None:
    assert (await lab.ask("POST", CONFIG_MAPS, CONFIG_MAP, role=role))[0] == 201
    assert (await lab.ask("DELETE", f"{CONFIG_MAPS}/a", role=role))[0] == 200


async def test_a_viewer_reads_and_changes_nothing(lab: Lab) -> None:
    assert (await lab.ask("GET", "/api/v1/nodes", role=Role.VIEWER))[0] == 200
    assert (await lab.ask("GET", "/api/v1/pods", role=Role.VIEWER))[0] == 200
    status, body = await lab.ask("POST", CONFIG_MAPS, CONFIG_MAP, role=Role.VIEWER)
    assert (status, body["reason"]) == (403, "Forbidden")
    status, _ = await lab.ask("PUT", "/podyard/v1/clock", {"speed": 10}, role=Role.VIEWER)
    assert status == 403


@pytest.mark.parametrize("secret", ["wrong", "-"])
async def test_without_the_secret_nothing(lab: Lab, secret: str) -> None:
    status, body = await lab.ask("GET", "/version", secret=secret)
    assert (status, body["reason"]) == (401, "Unauthorized")


async def test_the_secret_counts_as_a_bearer_token_too(lab: Lab) -> None:
    token = await secret_as(lab.session, Role.OWNER)
    status, body = await lab.ask("GET", "/version", secret="-", authorization=f"Bearer {token}")
    assert (status, body["gitVersion"]) == (200, "v1.37.2")


async def test_an_ended_session_is_read_only_then_gone(lab: Lab) -> None:
    secret = await secret_as(lab.session, Role.OWNER)
    await session_expire(session=lab.session)
    assert (await lab.ask("GET", "/api/v1/nodes", secret=secret))[0] == 200
    status, body = await lab.ask("POST", CONFIG_MAPS, CONFIG_MAP, secret=secret)
    assert (status, "only be looked at" in body["message"]) == (403, True)
    await session_end(session=lab.session)
    status, body = await lab.ask("GET", "/api/v1/nodes", secret=secret)
    assert (status, body["kind"]) == (410, "Status")
