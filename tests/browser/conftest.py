"""The site as `make run` serves it, in a process of its own, and a real Chromium to look at it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY_SECONDS = 60


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the site writes: for commands that its operator would type beside it."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[str]:
    """The address of a served site with a database of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "playground.settings.local",
        "PODYARD_VAR_DIR": str(site_folder),
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


def wait_ready(process: subprocess.Popen[bytes], url: str) -> None:
    """Until a started site answers."""
    end = time.monotonic() + READY_SECONDS
    while not _answers(f"{url}/readyz"):
        assert process.poll() is None, "the server has ended"
        assert time.monotonic() < end, "the server does not get ready"
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless. Playwright keeps an event loop running, in which no
    asynchronous test can start one: so it ends with this package, and `make test` runs it apart."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context_of(chromium: Browser) -> Iterator[BrowserContext]:
    """A visitor at a desk."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def visitor(context_of: BrowserContext) -> Iterator[Page]:
    """A page whose console must stay clean."""
    page = context_of.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    assert complaints == []


def start_cluster(page: Page, site: str) -> None:
    """Press the one button and wait for three Ready nodes."""
    page.goto(site)
    page.get_by_test_id("start").click()
    for number in (1, 2, 3):
        node = page.locator(f"[data-testid=node][data-name=node-{number}][data-ready=true]")
        node.wait_for(state="attached")


class Console:
    """The console of the page, typed into and read as a person would."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._terminal: Locator = page.get_by_test_id("console")
        self.expect(r"\$ $")
        self._terminal.click()

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        self._page.keyboard.type(line)
        self._page.keyboard.press("Enter")

    def run(self, line: str, pattern: str) -> str:
        """Type a line and wait until the screen matches; gives the screen."""
        self.type(line)
        return self.expect(pattern)

    def expect(self, pattern: str, seconds: float = 30) -> str:
        """Wait until the screen matches `pattern`."""
        end = time.monotonic() + seconds
        while True:
            screen = self.screen()
            if re.search(pattern, screen, re.MULTILINE):
                return screen
            assert time.monotonic() < end, f"never saw {pattern!r} in:\n{screen}"
            self._page.wait_for_timeout(100)

    def screen(self) -> str:
        """The rows of the terminal as text, without the empty ones at the end."""
        rows = self._terminal.locator(".xterm-rows > div").all_inner_texts()
        return "\n".join(row.replace("\xa0", " ").rstrip() for row in rows).rstrip("\n") + " "
