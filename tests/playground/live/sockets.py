"""A session with people's sockets, for tests of what browsers see live."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from channels.testing import WebsocketCommunicator
from django.core import signing

from cluster_engine.apiserver.requests import ADMIN
from cluster_engine.simulation.limits import Limits
from playground.accounts.visitors import COOKIE, Visitor
from playground.hosting.local import LocalHost
from playground.lab_sessions.manifests.actions import Action, perform
from playground.lab_sessions.models import Session
from playground.serving.application import make_application

OWNER = Visitor("owner", "calm otter", "teal")
GUEST = Visitor("guest", "brisk wren", "red")
POD = (
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n"
    "spec:\n  containers:\n  - name: a\n    image: nginx\n"
)


@dataclass
class Lab:
    """A session with a paused clock, and the sockets that look at it."""

    host: LocalHost
    session: Session
    sockets: list[WebsocketCommunicator] = field(default_factory=list)

    async def open(
        self, visitor: Visitor = OWNER, *, path: str = "", origin: str = "http://testserver"
    ) -> WebsocketCommunicator:
        cookie = signing.dumps(visitor.body(), salt="podyard.visitor")
        headers = [
            (b"host", b"testserver"),
            (b"origin", origin.encode()),
            (b"cookie", f"{COOKIE}={cookie}".encode()),
        ]
        socket = WebsocketCommunicator(
            make_application(), path or f"/ws/sessions/{self.session.id}/", headers=headers
        )
        is_open, _ = await socket.connect(2)
        assert is_open
        self.sockets.append(socket)
        return socket

    async def apply(self, *names: str) -> None:
        await perform(
            host=self.host,
            cluster_id=self.session.id,
            user=ADMIN,
            text="---\n".join(POD.format(name=name) for name in names),
            action=Action.APPLY,
            limits=Limits(),
        )


async def until(socket: WebsocketCommunicator, kind: str, **values: Any) -> dict[str, Any]:
    """The next frame of a kind, with these values if any are given."""
    for _ in range(50):
        frame = json.loads(await socket.receive_from(2))
        if frame["type"] == kind and all(frame.get(key) == one for key, one in values.items()):
            return frame
    raise AssertionError(f"no {kind} came")


async def people_of(socket: WebsocketCommunicator, count: int) -> list[dict[str, Any]]:
    """The people in a room, once they are so many."""
    while len(people := (await until(socket, "presence"))["people"]) != count:
        pass
    return list(people)


async def say(socket: WebsocketCommunicator, kind: str, **values: Any) -> None:
    """Send a frame."""
    await socket.send_to(text_data=json.dumps({"type": kind, **values}))


async def where(socket: WebsocketCommunicator, visitor: Visitor) -> dict[str, Any]:
    """Where a person is, by the next frame that says so: of places alone, or of everybody."""
    while True:
        frame = json.loads(await socket.receive_from(2))
        shown = frame.get("places", {}).get(visitor.id, {})
        for one in frame.get("people", []):
            if one["id"] == visitor.id:
                shown = {name: one[name] for name in ("focus", "place") if name in one}
        if shown:
            return dict(shown)
