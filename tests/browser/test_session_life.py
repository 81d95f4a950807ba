"""A session's life in a real browser: warned, extended, expired, read-only, forked, taken along."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import ROOT, start_cluster, wait_ready

#: Times short enough for a test; warnings come at once.
TIMES = {
    "PODYARD_SESSION_OVERTIME_MINUTES": "0",
    "PODYARD_SESSION_READ_ONLY_MINUTES": "30",
    "PODYARD_SESSION_EXTEND_MINUTES": "30",
    "PODYARD_SESSIONS_MAX": "6",
}
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: kept}
spec:
  containers: [{name: web, image: nginx}]
"""


@pytest.fixture(scope="module")
def short_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose sessions are soon over."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        **TIMES,
        "DJANGO_SETTINGS_MODULE": "playground.settings.local",
        "PODYARD_VAR_DIR": str(tmp_path_factory.mktemp("short")),
    }
    manage = [sys.executable, "manage.py"]
    subprocess.run(
        [*manage, "migrate", "--no-input", "-v", "0"], cwd=ROOT, env=environment, check=True
    )
    process = subprocess.Popen([*manage, "serve", "--port", str(port)], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    wait_ready(process, url)
    yield url
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)


def started(page: Page, site: str, **wishes: Any) -> str:
    """The id of a session of this browser's."""
    page.goto(site)
    answer = page.request.post(f"{site}/api/v1/sessions", data=wishes)
    assert answer.status == 201, answer.text()
    return str(answer.json()["id"])


def state_of(page: Page, site: str, session: str) -> dict[str, Any]:
    body: dict[str, Any] = page.request.get(f"{site}/api/v1/sessions/{session}").json()
    return body


def open_session(page: Page, site: str, session: str) -> None:
    page.goto(f"{site}/s/{session}/")
    page.locator("[data-testid=node][data-ready=true]").first.wait_for(state="attached")


def test_a_warned_session_is_extended_with_one_click(visitor: Page, short_site: str) -> None:
    session = started(visitor, short_site, minutes=5)
    open_session(visitor, short_site, session)
    ending = visitor.get_by_test_id("ending")
    expect(ending).to_contain_text("This session ends in")
    visitor.get_by_test_id("ending-extend").click()
    expect(ending).to_have_count(0)
    expect(visitor.get_by_test_id("countdown")).to_contain_text("3")
    assert state_of(visitor, short_site, session)["state"] == "running"


def test_at_its_end_it_is_read_only_and_can_be_taken_along(
    visitor: Page, short_site: str, tmp_path: Path
) -> None:
    session = started(visitor, short_site, minutes=1, name="evening lab")
    path = f"{short_site}/api/v1/sessions/{session}"
    applied = visitor.request.post(f"{path}/manifests", data={"text": POD})
    assert applied.json()["results"][0]["outcome"] == "created"
    open_session(visitor, short_site, session)
    ending = visitor.locator("[data-testid=ending][data-state=expired]")
    ending.wait_for(timeout=90_000)
    expect(ending).to_contain_text("Its time was up.")
    expect(visitor.get_by_test_id("pause")).to_be_disabled()
    refused = visitor.request.post(f"{path}/manifests", data={"text": POD})
    assert (refused.status, refused.json()["error"]["because"]) == (410, "time-up")

    with visitor.expect_download() as download:
        visitor.get_by_test_id("ending-export").click()
    file = tmp_path / "session.zip"
    download.value.save_as(file)

    visitor.get_by_test_id("ending-fork").click()
    visitor.wait_for_url(lambda url: session not in url)
    visitor.locator("[data-testid=pod][data-name=kept]").wait_for(state="attached")
    expect(visitor.get_by_test_id("ending")).to_have_count(0)

    visitor.goto(short_site)
    row = visitor.get_by_test_id("my-session").filter(has_text="Its time was up.")
    expect(row).to_contain_text("It can be looked at, exported and forked")
    visitor.locator("#bring input[type=file]").set_input_files(file)
    visitor.wait_for_url("**/s/**")
    visitor.locator("[data-testid=pod][data-name=kept]").wait_for(state="attached")

    open_session(visitor, short_site, session)
    visitor.get_by_test_id("ending-extend").click()
    expect(visitor.get_by_test_id("ending")).to_have_count(0)
    assert state_of(visitor, short_site, session)["state"] == "running"


def test_who_is_in_it_is_told_when_it_is_ended(
    visitor: Page, context_of: BrowserContext, short_site: str
) -> None:
    session = started(visitor, short_site)
    open_session(visitor, short_site, session)
    expect(visitor.get_by_test_id("console")).to_contain_text("$")
    assert visitor.request.delete(f"{short_site}/api/v1/sessions/{session}").status == 204
    over = visitor.get_by_test_id("over")
    expect(over).to_contain_text("Its owner ended it.")
    expect(visitor.get_by_test_id("over-start")).to_be_focused()
    visitor.get_by_test_id("over-start").click()
    row = visitor.get_by_test_id("my-session").filter(has_text="its owner ended it")
    expect(row.first).to_be_visible()


def test_who_finds_it_full_waits_and_is_let_in(visitor: Page, short_site: str) -> None:
    visitor.goto(short_site)
    mine = visitor.request.get(f"{short_site}/api/v1/sessions").json()["sessions"]
    for one in mine:
        visitor.request.delete(f"{short_site}/api/v1/sessions/{one['id']}")
    held = []
    while (
        answer := visitor.request.post(f"{short_site}/api/v1/sessions", data={"nodes": 1})
    ).status == 201:
        held.append(answer.json()["id"])
    ticket = answer.json()["waiting"]["ticket"]
    visitor.request.delete(f"{short_site}/api/v1/waiting/{ticket}")
    visitor.goto(short_site)
    visitor.get_by_test_id("start").click()
    visitor.wait_for_url("**/waiting/**")
    expect(visitor.locator("[data-fact=position]")).to_have_text("1")
    expect(visitor.locator("[data-fact=expected]")).to_contain_text("min")
    visitor.request.delete(f"{short_site}/api/v1/sessions/{held[0]}")
    visitor.wait_for_url("**/s/**")
    visitor.locator("[data-testid=node][data-ready=true]").first.wait_for(state="attached")


def test_a_template_starts_from_the_first_page(visitor: Page, site: str) -> None:
    start_cluster(visitor, site)
    visitor.goto(site)
    visitor.locator("[data-testid=template][data-name=web-shop]").click()
    visitor.locator("[data-testid=pod][data-namespace=shop]").first.wait_for(state="attached")
