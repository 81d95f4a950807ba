"""Static files: hashed ones for ever, others for a minute, nothing outside the folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator

from playground.site.static import StaticFiles


@pytest.fixture
def files(tmp_path: Path) -> StaticFiles:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "assets" / "app-Bq3x9Z1a.js").write_text("let a;")
    (folder / "plain.css").write_text("a{}")
    (tmp_path / "secret.txt").write_text("secret")
    return StaticFiles("/static/", [folder])


async def get(files: StaticFiles, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    raw = [(n.replace("_", "-").encode(), v.encode()) for n, v in headers.items()]
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "headers": raw}
    talk = ApplicationCommunicator(files, scope)
    start = await talk.receive_output(1)
    body = b""
    while True:
        message = await talk.receive_output(1)
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return start["status"], {n.decode(): v.decode() for n, v in start["headers"]}, body


async def test_a_hashed_file_is_kept_for_ever(files: StaticFiles) -> None:
    status, headers, body = await get(files, "/static/assets/app-Bq3x9Z1a.js")
    assert (status, body) == (200, b"let a;")
    assert "immutable" in headers["cache-control"]
    assert headers["content-type"].startswith("text/javascript")


async def test_another_file_is_asked_for_again(files: StaticFiles) -> None:
    _, headers, _ = await get(files, "/static/plain.css")
    assert headers["cache-control"] == "max-age=60, public"
    status, _, _ = await get(files, "/static/plain.css", if_none_match=headers.get("etag", ""))
    assert status in (200, 304)


@pytest.mark.parametrize(
    "path", ["/static/nothing.js", "/static/../secret.txt", "/static/", "/static//etc/passwd"]
)
async def test_what_is_not_there_is_not_found(files: StaticFiles, path: str) -> None:
    assert (await get(files, path))[0] == 404


async def test_a_file_built_later_is_found(files: StaticFiles, tmp_path: Path) -> None:
    (tmp_path / "dist" / "new-Zq3x9Z1a.js").write_text("let b;")
    assert (await get(files, "/static/new-Zq3x9Z1a.js"))[2] == b"let b;"


async def test_a_file_that_a_build_has_removed_is_not_found(
    files: StaticFiles, tmp_path: Path
) -> None:
    (tmp_path / "dist" / "plain.css").unlink()
    assert (await get(files, "/static/plain.css"))[0] == 404
