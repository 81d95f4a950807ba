"""A teacher and five students, each in a browser of their own, through a whole lesson."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, Console
from tests.browser.test_main_job import SIZES, violations

SETTINGS = "playground.settings.local"
NAMES = ("Ann", "Bob", "Cid", "Dee", "Eve")
TIMEOUT_MS = 60_000
People = Callable[[], Page]


@pytest.fixture
def people(chromium: Browser) -> Iterator[People]:
    """Makes one more person, with cookies of their own."""
    contexts = []

    def somebody() -> Page:
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        return context.new_page()

    yield somebody
    for context in contexts:
        context.close()


def become_teacher(page: Page, site: str, folder: Path) -> None:
    """By a link that is good once."""
    command = [sys.executable, "manage.py", "invite", "--right", "teach", "--url", site]
    settings = {"PODYARD_VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": SETTINGS}
    environment = {**os.environ, **settings}
    said = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout
    page.goto(re.findall(r"http\S+", said)[0])
    page.get_by_role("button").first.click()
    expect(page).to_have_url(f"{site}/teach/", timeout=TIMEOUT_MS)


def make_classroom(page: Page, site: str, lesson: str) -> str:
    """From the list of classrooms to the wall of a new one; gives its join code."""
    page.goto(f"{site}/teach/")
    page.get_by_test_id("new-classroom").click()
    page.get_by_label("Title").fill("Pods, from scratch")
    page.get_by_label("Seats").fill("5")
    page.get_by_label("Lesson", exact=True).select_option(lesson)
    page.get_by_test_id("create-classroom").click()
    expect(page).to_have_url(re.compile(r"/teach/\w+/$"), timeout=TIMEOUT_MS)
    return page.locator(".wall-code b").inner_text()


def join(page: Page, site: str, code: str, name: str) -> None:
    """By the code, into the lobby."""
    page.goto(f"{site}/c/")
    page.get_by_label("Code").fill(code)
    page.get_by_test_id("enter-code").click()
    page.get_by_label("Your name in this class").fill(name)
    page.get_by_test_id("join-class").click()
    page.get_by_test_id("lobby").wait_for()


def card(wall: Page, name: str) -> str:
    """What the wall says of a student."""
    return wall.get_by_role("button", name=re.compile(name)).first.inner_text()


def go_on(page: Page, step: str) -> None:
    """The step that is shown has passed: to the next one."""
    expect(page.get_by_test_id("lesson-next")).to_be_enabled(timeout=TIMEOUT_MS)
    page.get_by_test_id("lesson-next").click()
    page.locator(f"[data-testid=lesson-step][data-step={step}]").wait_for()


def enter(page: Page, line: str) -> None:
    """Type a line into the console, wherever the keyboard was."""
    page.get_by_test_id("console").click()
    page.keyboard.type(line)
    page.keyboard.press("Enter")


def do_lesson(page: Page) -> None:
    """The whole of pods-first."""
    page.get_by_test_id("speed").get_by_text("10×").click()
    Console(page)
    enter(page, "kubectl run web --image=nginx && kubectl wait --for=condition=Ready pod/web")
    go_on(page, "who")
    page.get_by_role("button", name="The scheduler, and it wrote its choice").click()
    go_on(page, "ask")
    enter(page, "kubectl exec web -- curl -s localhost")
    go_on(page, "label")
    enter(page, "kubectl label pod web app=web")
    go_on(page, "gone")
    page.get_by_role("button", name="Nothing. The pod is gone.").click()
    go_on(page, "delete")
    enter(page, "kubectl delete pod web")
    expect(page.get_by_test_id("lesson-next")).to_be_enabled(timeout=TIMEOUT_MS)


def test_a_teacher_and_five_students_through_a_lesson(
    people: People, site: str, site_folder: Path
) -> None:
    teacher = people()
    become_teacher(teacher, site, site_folder)
    code = make_classroom(teacher, site, "pods-first")
    students = {name: people() for name in NAMES}
    for name, page in students.items():
        join(page, site, code, name)
    for name in NAMES:
        teacher.get_by_role("button", name=re.compile(name)).first.wait_for()

    teacher.get_by_role("button", name="Start", exact=True).click()
    for page in students.values():
        expect(page).to_have_url(re.compile(r"/s/\w+/$"), timeout=TIMEOUT_MS)
        page.get_by_test_id("class-strip").wait_for()

    ann = students["Ann"]
    ann.get_by_test_id("hand").click()
    expect(teacher.locator("body")).to_contain_text("1 hand up")
    teacher.get_by_role("button", name=re.compile("Ann")).first.click()
    side = teacher.get_by_label("Details of Ann")
    side.get_by_role("button", name=re.compile("help", re.IGNORECASE)).click()
    ann.get_by_test_id("let-in").click()
    expect(ann.get_by_test_id("teacher-help")).to_contain_text("helps you")
    ann.get_by_test_id("send-out").click()
    expect(ann.get_by_test_id("teacher-looks")).to_be_visible()
    ann.get_by_test_id("hand").click()

    teacher.get_by_role("button", name="Message", exact=True).click()
    dialog = teacher.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("Look at the picture while you type")
    dialog.get_by_role("button", name="Send").click()
    for page in students.values():
        expect(page.get_by_test_id("class-message")).to_contain_text("Look at the picture")

    for page in students.values():
        do_lesson(page)
    for name in NAMES:
        expect(teacher.get_by_role("button", name=re.compile(name)).first).to_contain_text(
            "all 6 steps done", timeout=TIMEOUT_MS
        )

    teacher.get_by_role("button", name="Freeze", exact=True).click()
    expect(ann.get_by_test_id("class-strip")).to_contain_text("stands still")
    teacher.get_by_role("button", name="Resume", exact=True).click()
    expect(ann.get_by_test_id("class-strip")).not_to_contain_text("stands still")
    end_class(teacher)
    expect(ann.get_by_test_id("class-strip")).to_contain_text("The class is over")
    room = teacher.url.split("/")[-2]
    table = teacher.request.get(f"{site}/api/v1/classrooms/{room}/results.csv").text()
    assert [line.split(",")[0] for line in table.splitlines()[1:]] == list(NAMES)
    assert all(",6,6," in line for line in table.splitlines()[1:])


def end_class(teacher: Page) -> None:
    teacher.get_by_role("button", name="More", exact=True).click()
    teacher.get_by_role("menuitem", name="End the class").click()
    teacher.get_by_role("dialog").get_by_role("button", name=re.compile("End")).click()


@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_no_accessibility_violations(
    chromium: Browser, site: str, site_folder: Path, size: tuple[int, int], scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.goto(f"{site}/teach/")
    assert violations(page) == []
    become_teacher(page, site, site_folder)
    page.goto(f"{site}/teach/new/")
    assert violations(page) == []
    code = make_classroom(page, site, "pods-first")
    page.goto(f"{site}/teach/")
    assert violations(page) == []
    for path in ("/c/", f"/c/{code}/"):
        page.goto(site + path)
        assert violations(page) == []
    page.get_by_label("Your name in this class").fill("Ann")
    page.get_by_test_id("join-class").click()
    page.get_by_test_id("lobby").wait_for()
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0], "the page must not scroll sideways"
    context.close()
