"""A review from submission to approval, with a reviewer and a student in browsers of their own, and
the student's real kubectl.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import start_cluster
from tests.browser.test_main_job import violations
from tests.clients.conftest import BINARIES
from tests.clients.kubectl import Kubectl

KUBECTL = BINARIES / "kubectl-1.33"
WEB = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: nginx
    securityContext:
      privileged: true
"""
TOOL = WEB.replace("name: web", "name: tool")


@pytest.fixture
def student(chromium: Browser) -> Iterator[Page]:
    """A second person, with cookies of their own."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def turn_review_on(page: Page) -> None:
    """As the session's owner, from the page's menu."""
    item = page.get_by_role("menuitem", name="Turn review on")
    for _ in range(50):  # the menu is as it was when it was opened
        page.get_by_role("button", name="More", exact=True).click()
        if item.count():
            break
        page.keyboard.press("Escape")
    item.click()
    expect(page.get_by_test_id("review-line")).to_contain_text("Review is on")


def let_in(owner: Page, student: Page, site: str) -> str:
    """An editor's link, followed by the student; gives the session's id."""
    session = re.findall(r"/s/(\w+)/", owner.url)[0]
    shared = owner.request.post(
        f"{site}/api/v1/sessions/{session}/shares",
        data={"role": "editor"},
        headers={"origin": site},
    )
    assert shared.status == 201, shared.text()
    student.goto(shared.json()["url"])
    student.locator("[data-testid=node][data-name=node-1]").wait_for(state="attached")
    return session


def write(page: Page, text: str) -> None:
    """Replace what the editor holds."""
    page.get_by_test_id("editor").locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def decide(page: Page, key: str, message: str) -> None:
    """By its key, with a message."""
    page.keyboard.press(key)
    page.get_by_role("dialog").get_by_role("textbox").fill(message)
    page.get_by_test_id("confirm").click()


def has_pod(page: Page, site: str, session: str, name: str) -> bool:
    """Asked of the cluster itself, as the page's owner."""
    told = page.request.get(f"{site}/api/v1/sessions/{session}").json()
    pods = f"{told['server'].rstrip('/')}/api/v1/namespaces/default/pods"
    return page.request.get(f"{pods}/{name}").ok


def test_a_submission_is_sent_back_changed_and_applied(
    visitor: Page, student: Page, site: str
) -> None:
    start_cluster(visitor, site)
    turn_review_on(visitor)
    session = let_in(visitor, student, site)

    expect(student.get_by_test_id("apply")).to_contain_text("Submit for review")
    write(student, WEB)
    student.get_by_test_id("apply").click()
    expect(student.locator(".result.submitted")).to_contain_text("pod/web")
    expect(student.get_by_test_id("advice")).to_contain_text("reviewer would stop")
    assert not has_pod(visitor, site, session, "web")

    visitor.goto(f"{site}/review/?session={session}")
    row = visitor.get_by_test_id("submission")
    expect(row).to_have_count(1)
    visitor.keyboard.press("Enter")
    expect(visitor.locator("[data-rule=privileged-container]")).to_be_visible()
    visitor.keyboard.press("j")
    expect(visitor.locator(".note.open")).to_contain_text("Read on")
    visitor.locator("[data-rule=privileged-container] button").click()
    expect(visitor.locator(".note.open")).to_contain_text("is privileged")
    visitor.keyboard.press("c")
    visitor.get_by_role("textbox", name="Comment on line 10").fill("It needs no such thing.")
    visitor.keyboard.press("Control+Enter")
    expect(visitor.get_by_test_id("remark")).to_contain_text("no such thing")
    assert violations(visitor) == []
    decide(visitor, "r", "Leave out what it does not need.")
    expect(visitor.get_by_test_id("review")).to_have_attribute("data-state", "changes-requested")

    student.get_by_role("button", name="of yours wait").click()
    student.get_by_test_id("my-submissions").get_by_role("link").click()
    expect(student.get_by_test_id("story")).to_contain_text("Leave out what it does not need.")
    student.get_by_test_id("resubmit").click()
    student.get_by_test_id("rewrite").locator(".cm-content").click()
    student.keyboard.press("Control+a")
    student.keyboard.insert_text(WEB.replace("privileged: true", "privileged: false"))
    student.get_by_placeholder("What has changed").fill("No longer privileged")
    student.get_by_test_id("send-version").click()
    expect(student.get_by_test_id("review")).to_have_attribute("data-state", "open")

    expect(visitor.get_by_test_id("story")).to_contain_text("No longer privileged")
    visitor.keyboard.press("3")
    expect(visitor.get_by_test_id("effect")).to_contain_text("1 pod would be created")
    created = visitor.locator("py-forecast [data-testid=pod][data-name=web]")
    expect(created).to_have_count(1)
    assert violations(visitor) == []
    visitor.keyboard.press("2")
    expect(visitor.get_by_test_id("difference").first).to_contain_text("privileged: false")
    decide(visitor, "a", "Thank you.")
    expect(visitor.get_by_test_id("review")).to_have_attribute("data-state", "applied")
    expect(visitor.get_by_test_id("result")).to_contain_text("created")
    assert has_pod(visitor, site, session, "web")
    expect(student.get_by_test_id("review")).to_have_attribute("data-state", "applied")


def test_what_kubectl_hands_in_and_is_rejected_is_not_applied(
    visitor: Page, student: Page, site: str, tmp_path: Path
) -> None:
    start_cluster(visitor, site)
    turn_review_on(visitor)
    session = let_in(visitor, student, site)
    config = student.request.get(f"{site}/api/v1/sessions/{session}/kubeconfig")
    (tmp_path / "kubeconfig").write_text(config.text())
    kubectl = Kubectl(KUBECTL, tmp_path / "kubeconfig", tmp_path)

    said = kubectl("apply", "-f", "-", stdin=TOOL, code=1)
    address = re.search(rf"https?://\S+/review/{session}-\d+/", said)
    assert address is not None, said
    assert "waits for review" in said

    visitor.goto(address[0])
    expect(visitor.locator(".one-from")).to_contain_text("from kubectl in")
    decide(visitor, "d", "Nobody needs it.")
    expect(visitor.get_by_test_id("review")).to_have_attribute("data-state", "rejected")
    assert not has_pod(visitor, site, session, "tool")
    student.goto(address[0])
    expect(student.get_by_test_id("story")).to_contain_text("Nobody needs it.")
    assert "not found" in kubectl("get", "pod", "tool", code=1)


def test_several_are_approved_at_once_by_key(visitor: Page, student: Page, site: str) -> None:
    start_cluster(visitor, site)
    turn_review_on(visitor)
    session = let_in(visitor, student, site)
    for name in ("one", "two"):
        write(student, WEB.replace("name: web", f"name: {name}").replace("true", "false"))
        student.get_by_test_id("apply").click()
        expect(student.locator(".result.submitted")).to_contain_text(f"pod/{name}")
    visitor.goto(f"{site}/review/?session={session}")
    expect(visitor.get_by_test_id("submission")).to_have_count(2, timeout=12_000)
    visitor.keyboard.press("Shift+X")
    expect(visitor.get_by_role("checkbox", checked=True)).to_have_count(2)
    decide(visitor, "a", "Both are fine.")
    expect(visitor.get_by_test_id("submission")).to_have_count(0)
    assert has_pod(visitor, site, session, "one") and has_pod(visitor, site, session, "two")
