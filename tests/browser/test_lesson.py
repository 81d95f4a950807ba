"""A whole lesson in a browser: clicked, typed, asked, reloaded, started over, finished."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Console
from tests.browser.test_main_job import SIZES, violations

TIMEOUT_MS = 40_000


def begin(page: Page, site: str, slug: str) -> None:
    """From the list of lessons into one of them."""
    page.goto(f"{site}/lessons/")
    page.locator(f"a[href='/lessons/{slug}/']").click()
    page.get_by_test_id("start-lesson").click()
    page.get_by_test_id("lesson").wait_for()


def at(page: Page, step: str, state: str) -> None:
    """Wait until a step is shown, and is in a state."""
    shown = page.locator(f"[data-testid=lesson-step][data-step={step}][data-state={state}]")
    shown.wait_for(timeout=TIMEOUT_MS)


def go_on(page: Page, step: str) -> None:
    """The step that is shown has passed: to the next one."""
    expect(page.get_by_test_id("lesson-next")).to_be_enabled(timeout=TIMEOUT_MS)
    page.get_by_test_id("lesson-next").click()
    at(page, step, "current")


def run(page: Page, command: str) -> None:
    """Press a command of the text."""
    page.locator(f".lesson-run[data-run='{command}']").first.click()


def test_a_whole_lesson(visitor: Page, site: str) -> None:
    begin(visitor, site, "empty-dir")
    console = Console(visitor)
    visitor.get_by_test_id("speed").get_by_text("10×").click()
    at(visitor, "create", "current")
    checks = visitor.get_by_test_id("lesson-checks")
    expect(checks).to_contain_text("there is no pod redis in namespace default")

    visitor.get_by_role("button", name="Put into the editor").first.click()
    expect(visitor.get_by_test_id("editor")).to_contain_text("redis-storage")
    visitor.get_by_test_id("apply").click()
    visitor.get_by_role("tab", name="Lesson").click()
    at(visitor, "create", "passed")
    visitor.locator(".lesson-show").first.click()
    expect(visitor.get_by_test_id("inspector")).to_contain_text("redis")
    go_on(visitor, "write")

    visitor.get_by_test_id("lesson-hint").click()
    expect(visitor.get_by_label("Hints")).to_contain_text("opens a shell in the container")
    run(visitor, "kubectl exec -it redis -- bash")
    console.expect(r"root@redis:/data# $")
    console.type("echo typed > /data/redis/test-file")
    at(visitor, "write", "passed")
    console.type("exit")

    visitor.reload()
    at(visitor, "restart", "current")
    visitor.get_by_role("button", name="More about the lesson").click()
    with visitor.expect_response(lambda one: one.url.endswith("/terminals") and one.ok):
        visitor.get_by_role("menuitem", name="Start this step over").click()
    Console(visitor)
    run(visitor, "kubectl exec redis -- kill 1")
    go_on(visitor, "predict")

    visitor.get_by_role("button", name="The file is still there.").click()
    expect(visitor.locator(".lesson-because")).to_contain_text("Not quite.")
    visitor.get_by_role("button", name="The directory is there, and empty.").click()
    expect(visitor.locator(".lesson-because")).to_contain_text("Right.")
    go_on(visitor, "replace")

    Console(visitor).type("kubectl delete pod redis && kubectl apply -f pod-redis.yaml")
    go_on(visitor, "share")
    visitor.locator(".lesson-run[data-run='kubectl apply -f shared.yaml']").focus()
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_test_id("lesson-next")).to_be_enabled(timeout=TIMEOUT_MS)
    visitor.get_by_test_id("lesson-next").click()
    expect(visitor.get_by_test_id("lesson-closing")).to_contain_text("What to remember")
    visitor.get_by_role("link", name="All lessons").click()
    expect(visitor).to_have_url(f"{site}/lessons/")


@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lessons_have_no_accessibility_violations(
    chromium: Browser, site: str, size: tuple[int, int], scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{site}/lessons/")
    assert violations(page) == []
    page.goto(f"{site}/lessons/pods-first/")
    assert violations(page) == []
    page.get_by_test_id("start-lesson").click()
    at(page, "run", "current")
    page.get_by_test_id("lesson-checks").wait_for()
    page.get_by_test_id("lesson-hint").click()
    page.get_by_label("Hints").wait_for()
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0], "the page must not scroll sideways"
    context.close()
