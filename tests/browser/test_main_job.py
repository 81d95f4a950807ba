"""The main job in a browser: one click runs an example, the picture and the inspector follow."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import start_cluster

SIZES = [(1440, 900), (390, 844)]


def violations(page: Page) -> list[str]:
    """What axe finds, a line each."""
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {item['nodes'][0]['html'][:120]}" for item in found]


def test_the_first_example_runs_with_one_click(visitor: Page, site: str) -> None:
    start_cluster(visitor, site)
    visitor.get_by_role("button", name="Run Redis").click()
    pod = visitor.locator("[data-testid=pod][data-name=redis][data-phase=Running]")
    pod.first.wait_for(state="attached")
    assert "kind: Pod" in visitor.get_by_test_id("editor").inner_text()


def test_why_a_pod_is_where_it_is(visitor: Page, site: str) -> None:
    start_cluster(visitor, site)
    visitor.get_by_role("button", name="Run Redis").click()
    pod = visitor.locator("[data-testid=pod][data-name=redis][data-phase=Running]")
    pod.first.wait_for(state="attached")
    visitor.goto(f"{visitor.url.partition('?')[0]}?show=pod/default/redis&tab=why")
    table = visitor.get_by_test_id("why")
    expect(table).to_contain_text("node-1")
    expect(table).to_contain_text("Total")


def test_a_mistyped_field_is_marked_before_anything_is_sent(visitor: Page, site: str) -> None:
    start_cluster(visitor, site)
    visitor.get_by_test_id("editor").locator(".cm-content").click()
    lines = ["apiVersion: v1", "kind: Pod", "metadata:", "  name: web"]
    visitor.keyboard.insert_text("\n".join([*lines, "spec:", "  container: []", ""]))
    problems = visitor.get_by_test_id("diagnostics")
    expect(problems).to_contain_text("container")
    expect(problems).to_contain_text("containers")
    expect(problems).to_contain_text("6")


def test_someone_with_the_link_sees_the_same_cluster(
    visitor: Page, site: str, chromium: Browser
) -> None:
    start_cluster(visitor, site)
    session = visitor.url.rstrip("/").rpartition("/")[2].partition("?")[0]
    shared = visitor.request.post(
        f"{site}/api/v1/sessions/{session}/shares",
        data={"role": "viewer"},
        headers={"origin": site, "x-csrftoken": _token(visitor)},
    )
    assert shared.status in (200, 201), shared.text()
    other = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    other.goto(shared.json()["url"])
    other.locator("[data-testid=node][data-name=node-1]").wait_for(state="attached")
    visitor.get_by_role("button", name="Run Redis").click()
    other.locator("[data-testid=pod][data-name=redis]").first.wait_for(state="attached")
    other.context.close()


def _token(page: Page) -> str:
    return next((c["value"] for c in page.context.cookies() if "csrf" in c["name"]), "")


@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_accessibility_violations(
    chromium: Browser, site: str, size: tuple[int, int], scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(site)
    page.get_by_test_id("start").wait_for()
    assert violations(page) == []
    start_cluster(page, site)
    page.get_by_role("button", name="Run Redis").click()
    pod = page.locator("[data-testid=pod][data-name=redis][data-phase=Running]")
    pod.first.wait_for(state="attached")
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0], "the page must not scroll sideways"
    context.close()
