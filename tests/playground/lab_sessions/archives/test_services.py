"""A session as one file: taken away, looked into, brought back; bad files are refused by name."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import orjson
import pytest
import yaml

from playground.hosting.local import LocalHost
from playground.lab_sessions.kinds import Kind
from playground.lab_sessions.models import Session
from playground.lab_sessions.selectors import archive_parts
from tests.playground.lab_sessions.test_rest import Browser

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: nginx}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
"""


async def started(host: LocalHost, **wishes: Any) -> tuple[Browser, dict[str, Any]]:
    """A session with something in it, a minute old."""
    owner = Browser()
    body = await owner.start(speed=100, **wishes)
    answer = await owner.ask("POST", f"sessions/{body['id']}/manifests", {"text": TEXT})
    assert [one["outcome"] for one in answer.json()["results"]] == ["created", "created"]
    await host.clock_advance(body["id"], 60_000)
    return owner, body


async def exported(owner: Browser, body: dict[str, Any]) -> bytes:
    answer = await owner.ask("GET", f"sessions/{body['id']}/export")
    assert answer.status_code == 200, answer.content
    assert answer.headers["content-type"] == "application/zip"
    return bytes(answer.content)


async def imported(data: bytes, content_type: str = "application/zip") -> tuple[Browser, Any]:
    browser = Browser()
    answer = await browser.client.post(
        "/api/v1/sessions/import", data=data, content_type=content_type
    )
    return browser, answer


async def names(browser: Browser, host: LocalHost, session_id: str) -> set[str]:
    entries = await host.portable(session_id)
    rows = [orjson.loads(line) for line in entries["objects.jsonl"].split(b"\n")]
    return {
        f"{row['resource']}/{row['object']['metadata']['name']}/{row['object']['metadata']['uid']}"
        for row in rows
        if row["resource"] != "events"
    }


def repacked(data: bytes, **changed: bytes | None) -> bytes:
    """The file with some entries replaced (or, None, left out)."""
    buffer = io.BytesIO()
    wanted = {
        name.replace("__", "/").replace("_json", ".json"): new for name, new in changed.items()
    }
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            content = wanted.get(info.filename, old.read(info))
            if content is not None:
                new.writestr(info.filename, content)
    return buffer.getvalue()


async def test_a_session_comes_back_from_its_file(host: LocalHost) -> None:
    owner, body = await started(host, name="my shop", seed=7)
    await host.clock_set(body["id"], is_paused=True)
    data = await exported(owner, body)
    other, answer = await imported(data)
    assert answer.status_code == 201, answer.content
    twin = answer.json()
    assert (twin["name"], twin["kind"], twin["seed"], twin["nodes"]) == ("my shop", "import", 7, 3)
    before = await names(owner, host, body["id"])
    assert await names(other, host, twin["id"]) == before
    clocks = [await host.clock(one["id"]) for one in (body, twin)]
    assert clocks[0] == clocks[1]
    shown = await other.ask("GET", f"sessions/{twin['id']}")
    assert shown.json()["role"] == "owner"


async def test_a_form_with_a_file_is_taken_too(host: LocalHost) -> None:
    owner, body = await started(host)
    data = await exported(owner, body)
    browser = Browser()
    upload = io.BytesIO(data)
    upload.name = "session.zip"
    answer = await browser.client.post("/api/v1/sessions/import", {"file": upload})
    assert answer.status_code == 201, answer.content


async def test_people_can_read_what_is_in_it(host: LocalHost) -> None:
    owner, body = await started(host)
    with zipfile.ZipFile(io.BytesIO(await exported(owner, body))) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    assert {"README.txt", "session.json", "manifests.yaml", "cluster/objects.jsonl"} <= set(entries)
    documents = list(yaml.safe_load_all(entries["manifests.yaml"]))
    assert [one["kind"] for one in documents] == ["Service", "Deployment"]
    assert any(name.startswith("cluster/logs/default/web-") for name in entries)


async def test_the_manifests_alone_can_be_applied_again(host: LocalHost) -> None:
    owner, body = await started(host)
    answer = await owner.ask("GET", f"sessions/{body['id']}/export?form=yaml")
    assert answer.headers["content-type"] == "application/yaml"
    text = answer.content.decode()
    assert not {"uid:", "resourceVersion", "clusterIP", "status:"} & set(text.split())
    fresh = await owner.start()
    again = await owner.ask("POST", f"sessions/{fresh['id']}/manifests", {"text": text})
    assert {one["outcome"] for one in again.json()["results"]} == {"created"}


async def test_other_apps_put_their_part_in_and_get_it_back(host: LocalHost) -> None:
    class Marks:
        name = "marks"
        taken: dict[str, bytes] = {}

        async def write(self, session: Session) -> bytes | None:
            return b'{"stars": 3}'

        async def read(self, session: Session, data: bytes) -> None:
            self.taken[session.id] = data

    marks = Marks()
    archive_parts().add(marks)
    owner, body = await started(host)
    _, answer = await imported(await exported(owner, body))
    assert marks.taken == {answer.json()["id"]: b'{"stars": 3}'}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"session_json": None}, "session.json: is missing", id="no session.json"),
        pytest.param({"session_json": b"{"}, "session.json: is not JSON", id="broken JSON"),
        pytest.param({"session_json": b"{}"}, "session.json: format", id="another format"),
        pytest.param(
            {"session_json": b'{"format":"podyard-session","version":9}'},
            "session.json: version 9",
            id="a later version",
        ),
        pytest.param(
            {"session_json": b'{"format":"podyard-session","version":1,"name":""}'},
            "session.json: name",
            id="no name",
        ),
        pytest.param(
            {"cluster__cluster_json": b"[]"}, "cluster/cluster.json", id="no cluster's head"
        ),
    ],
)
async def test_a_bad_entry_is_named(
    host: LocalHost, changes: dict[str, bytes | None], said: str
) -> None:
    owner, body = await started(host)
    data = repacked(await exported(owner, body), **changes)
    clusters = len(host.ids())
    _, answer = await imported(data)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (422, "invalid")
    assert error["message"].startswith(said)
    assert len(host.ids()) == clusters
    assert await Session.objects.filter(kind=Kind.IMPORT.value).acount() == 0


async def test_what_is_no_file_is_refused(host: LocalHost) -> None:
    for data, kind in ((b"noise", "application/zip"), (b"{}", "application/json")):
        _, answer = await imported(data, kind)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


async def test_limits_hold_before_anything_is_unpacked(host: LocalHost, settings: Any) -> None:
    owner, body = await started(host)
    data = await exported(owner, body)
    settings.PODYARD_IMPORT_ENTRIES_MAX = 3
    _, answer = await imported(data)
    assert (answer.status_code, "at most 3" in answer.json()["error"]["message"]) == (413, True)
    settings.PODYARD_IMPORT_ENTRIES_MAX = 1_000
    settings.PODYARD_IMPORT_CONTENT_BYTES_MAX = 100_000
    _, answer = await imported(data)
    assert (answer.status_code, "unpacks to more" in answer.json()["error"]["message"]) == (
        413,
        True,
    )
    settings.PODYARD_IMPORT_FILE_BYTES_MAX = 1_000
    _, answer = await imported(data)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")


async def test_a_bomb_is_not_unpacked(host: LocalHost, settings: Any) -> None:
    settings.PODYARD_IMPORT_CONTENT_BYTES_MAX = 1024 * 1024
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"cluster/{number}", bytes(900_000))
    data = bytearray(buffer.getvalue())
    # The directory claims that the first entry is tiny.
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    _, answer = await imported(bytes(data))
    assert answer.status_code in (413, 422)


async def test_a_viewer_gets_the_manifests_but_not_the_file(host: LocalHost) -> None:
    owner, body = await started(host)
    share = await owner.ask("POST", f"sessions/{body['id']}/shares", {"role": "viewer"})
    viewer = Browser()
    path = share.json()["url"].removeprefix("http://testserver")
    await viewer.client.post(path)
    assert (await viewer.ask("GET", f"sessions/{body['id']}/export?form=yaml")).status_code == 200
    refused = await viewer.ask("GET", f"sessions/{body['id']}/export")
    assert (refused.status_code, "Secrets" in refused.json()["error"]["message"]) == (403, True)
