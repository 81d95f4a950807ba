"""Three people in one session: sharing by role, presence, following, the keyboard, revoking."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import start_cluster

#: What a browser says when a role or a membership ends, as it must.
_EXPECTED = re.compile(r"status of (401|403|404)|WebSocket|ERR_")


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, chromium: Browser, width: int = 1440, height: int = 900) -> None:
        self.context = chromium.new_context(viewport={"width": width, "height": height})
        self.context.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )

    @property
    def name(self) -> str:
        """As the others see them."""
        return str(self.page.evaluate("fetch('/api/v1/me').then((a) => a.json())")["name"])


@pytest.fixture
def people(chromium: Browser) -> Iterator[tuple[Person, Person, Person]]:
    """An owner and an editor at desks, a viewer with a phone."""
    found = (Person(chromium), Person(chromium), Person(chromium, 390, 844))
    yield found
    for person in found:
        assert [one for one in person.complaints if not _EXPECTED.search(one)] == []
        person.context.close()


def violations(page: Page) -> list[str]:
    """What axe finds, a line each."""
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {item['nodes'][0]['html'][:120]}" for item in found]


def make_link(page: Page, role: str) -> str:
    """A link for a role, made in the share dialog."""
    page.get_by_test_id("share").click()
    page.locator(f"[role=radio][data-role={role}]").click()
    page.get_by_role("button", name=re.compile("Make a link")).click()
    field = page.locator(f".link-item[data-role={role}] input").first
    url = field.input_value()
    page.keyboard.press("Escape")
    return url


def face(page: Page, name: str) -> str:
    """Where somebody's face in the bar is."""
    return f"button.face[data-person='{name}']"


def test_three_people_share_a_cluster(site: str, people: tuple[Person, Person, Person]) -> None:
    owner, editor, viewer = people
    start_cluster(owner.page, site)
    editor.page.goto(make_link(owner.page, "editor"))
    viewer.page.goto(make_link(owner.page, "viewer"))
    names = [person.name for person in people]

    # Who is here: each sees the others, the phone by a number.
    for name in names[1:]:
        expect(owner.page.locator(face(owner.page, name))).to_be_visible()
    expect(viewer.page.get_by_test_id("people")).to_contain_text("3")

    # By role: the viewer has nothing to apply with, and no console of their own.
    viewer.page.get_by_role("button", name="YAML").click()
    expect(viewer.page.get_by_test_id("apply")).to_have_count(0)

    # The editor applies an example; the owner follows and sees file, text and cursor.
    page = editor.page
    page.get_by_role("button", name=re.compile("Examples")).click()
    page.get_by_role("menuitem", name=re.compile("deployment and its")).click()
    owner.page.locator(face(owner.page, names[1])).click()
    expect(owner.page.get_by_test_id("following")).to_contain_text(names[1])
    expect(page.get_by_test_id("followers")).to_contain_text(f"{names[0]} follows you")
    page.get_by_test_id("editor").locator(".cm-content").click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+End")
    mirror = owner.page.get_by_test_id("mirror")
    expect(mirror).to_contain_text("kind: Deployment")
    expect(mirror.locator(".mirror-marked").first).to_contain_text("Three copies")
    page.get_by_test_id("apply").click()
    pod = page.locator("[data-testid=pod][data-phase=Running]").first
    pod.wait_for(state="attached")

    # What the leader chooses the follower sees; who acts follows no more.
    page.get_by_role("tab", name="Timeline").click()
    expect(owner.page.get_by_role("tab", name="Timeline")).to_have_attribute(
        "aria-selected", "true"
    )
    owner.page.get_by_role("tab", name="Events").click()
    expect(owner.page.get_by_test_id("following")).to_have_count(0)
    expect(mirror).to_have_count(0)

    # The timeline knows who did it, and with what.
    line = page.get_by_test_id("timeline").locator("li", has_text="Deployment nginx created")
    expect(line.locator(".person-actor")).to_contain_text(names[1])
    expect(line.locator(".person-actor")).to_contain_text("in the page")

    # One types; another asks, and is given the keyboard; the viewer never is.
    for person in (owner, editor):
        person.page.get_by_role("tab", name="Console").click()
    owner.page.get_by_test_id("console").locator(".terminal-host").click()
    owner.page.keyboard.type("echo one")
    consoles = [person.page.get_by_test_id("console") for person in people]
    keyboards = [console.get_by_test_id("keyboard") for console in consoles]
    expect(keyboards[1]).to_contain_text(f"{names[0]} has the keyboard")
    page.get_by_test_id("console").locator(".terminal-host").click()
    page.keyboard.type("zzz")
    keyboards[1].get_by_role("button", name="Ask for the keyboard").click()
    keyboards[0].get_by_role("button", name=f"Give it to {names[1]}").click()
    expect(keyboards[1]).to_contain_text("You have the keyboard")
    page.keyboard.type(" and two\n")
    expect(page.get_by_test_id("console").locator(".xterm-rows")).to_contain_text("one and two")
    expect(page.get_by_test_id("console").locator(".xterm-rows")).not_to_contain_text("z")
    viewer.page.get_by_role("button", name="Console").click()
    expect(keyboards[2]).to_contain_text(f"{names[1]} has the keyboard")
    expect(keyboards[2].get_by_role("button")).to_have_count(0)

    # The viewer becomes an editor, and has a keyboard to ask for.
    owner.page.get_by_test_id("people").click()
    assert violations(owner.page) == []
    owner.page.get_by_role("button", name=f"What {names[2]} may do").click()
    owner.page.get_by_role("menuitemradio", name="Make an editor").click()
    expect(keyboards[2].get_by_role("button", name="Ask for the keyboard")).to_be_visible()
    owner.page.keyboard.press("Escape")

    # The editor's link is revoked, and who came by it leaves.
    owner.page.get_by_test_id("share").click()
    item = owner.page.locator(".link-item[data-role=editor]")
    expect(item).to_contain_text(f"{names[1]} came by it")
    item.get_by_role("button", name=re.compile("Revoke")).click()
    assert violations(owner.page) == []
    item.get_by_role("button", name="Leaves too").click()
    expect(page.locator(".line")).to_contain_text("the link you came by is over", ignore_case=True)
    expect(owner.page.locator(face(owner.page, names[1]))).to_have_count(0)
    page.reload()
    expect(page.locator("body")).to_contain_text("was not shared with you")
