"""Who did what, as the timeline shows it: the editor, the console, a person's own kubectl."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.testing import WebsocketCommunicator
from django.test import AsyncClient

from cluster_engine.apiserver.requests import Source
from playground.lab_sessions.roles import Role
from playground.live.selectors import terminals
from playground.serving.application import make_application
from tests.playground.live.sockets import GUEST, OWNER, Lab, say, until
from tests.playground.people import somebody

pytestmark = pytest.mark.django_db(transaction=True)

CONFIG_MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine"}}
TEXT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: mine\n"


async def person_behind(socket: WebsocketCommunicator, name: str) -> dict[str, Any]:
    """Who the timeline says made an object."""
    while True:
        for entry in (await until(socket, "timeline"))["entries"]:
            if entry["name"] == name:
                return dict(entry.get("person", {}))


async def by_client(lab: Lab, agent: bytes) -> None:
    guest = await somebody(lab.session, Role.EDITOR, GUEST)
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{guest.path}/api/v1/namespaces/default/configmaps",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"user-agent", agent)],
    }
    talk = ApplicationCommunicator(make_application(), scope)
    await talk.send_input({"type": "http.request", "body": json.dumps(CONFIG_MAP).encode()})
    assert (await talk.receive_output(2))["status"] == 201


@pytest.mark.parametrize(
    ("agent", "source", "shown"),
    [
        (b"kubectl/v1.37.2 (linux/amd64) kubernetes/abc", "kubectl", "kubectl v1.37.2"),
        (b"python-requests/2.32", "api", "python-requests 2.32"),
        (b"Mozilla/5.0 (X11)", "editor", None),
    ],
    ids=["kubectl", "a library", "the page"],
)
async def test_a_persons_own_client(lab: Lab, agent: bytes, source: str, shown: Any) -> None:
    socket = await lab.open()
    await until(socket, "scene")
    await by_client(lab, agent)
    person = await person_behind(socket, "mine")
    assert (person["id"], person["name"]) == (GUEST.id, GUEST.name)
    assert (person["source"], person.get("agent")) == (source, shown)


async def test_the_editor(lab: Lab) -> None:
    socket = await lab.open()
    await until(socket, "scene")
    guest = await somebody(lab.session, Role.EDITOR, GUEST)
    answer = await AsyncClient().post(
        f"/api/v1/sessions/{lab.session.id}/manifests",
        {"text": TEXT},
        content_type="application/json",
        headers={"authorization": f"Bearer {guest.secret}"},
    )
    assert answer.status_code == 200
    person = await person_behind(socket, "mine")
    assert (person["id"], person["source"]) == (GUEST.id, "editor")


async def test_who_types_on_a_console_that_another_opened(lab: Lab) -> None:
    """The keyboard changes hands, and with it who is behind what runs."""
    await lab.host.clock_set(lab.session.id, is_paused=False)
    socket = await lab.open()
    await until(socket, "scene")
    caller = OWNER.caller(Source.CONSOLE)
    terminal = await terminals().open(lab.host, lab.session.id, {"kind": "console"}, caller)
    await somebody(lab.session, Role.EDITOR, GUEST)
    path = f"/ws/sessions/{lab.session.id}/terminals/{terminal.number}/"
    typing = await lab.open(GUEST, path=path)
    await until(typing, "keyboard")
    await say(typing, "input", data="kubectl create configmap mine\r")
    person = await person_behind(socket, "mine")
    assert (person["id"], person["source"]) == (GUEST.id, "console")
