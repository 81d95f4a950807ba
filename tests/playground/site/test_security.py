"""What browsers are told with every kind of answer, and what they are never given."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings as site
from django.test import AsyncClient

from playground.hosting.local import LocalHost
from playground.serving.application import make_application
from playground.site import static
from tests.playground.accounts.browsers import PASSWORD, Browser

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(site.ROOT)

PAGE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
#: Of answers of a cluster: nothing runs, nothing is framed, nothing is told onward.
CLUSTER = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


async def headers_of(
    path: str, method: str = "GET", host: str = "testserver", body: bytes = b""
) -> tuple[int, dict[str, str]]:
    """The head of the whole site's answer."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", host.encode()), (b"content-type", b"application/json")],
        "scheme": "http",
        "http_version": "1.1",
        "client": ("192.0.2.1", 1),
        "server": ("testserver", 80),
    }
    talk = ApplicationCommunicator(make_application(), scope)
    await talk.send_input({"type": "http.request", "body": body})
    begin = await talk.receive_output(5)
    found = {name.decode().lower(): value.decode() for name, value in begin["headers"]}
    return begin["status"], found


PAGES = [
    ("a page", "GET", "/", "testserver", 200),
    ("a page that is not there", "GET", "/nothing", "testserver", 404),
    ("a page about oneself", "GET", "/account/", "testserver", 200),
    ("a login", "GET", "/accounts/login/", "testserver", 200),
    ("the administration", "GET", "/admin/", "testserver", 302),
    ("a redirect", "GET", "/s/none", "testserver", 301),
    ("a form without a token", "POST", "/", "testserver", 403),
    ("a method that is refused", "PUT", "/privacy/", "testserver", 405),
    ("another name of ours", "GET", "/", "evil.example", 400),
    ("the REST API", "GET", "/api/v1/examples", "testserver", 200),
    ("an error of the REST API", "GET", "/api/v1/sessions/none", "testserver", 404),
    ("an unknown address of the REST API", "GET", "/api/v1/none", "testserver", 404),
    ("a method that the REST API refuses", "DELETE", "/api/v1/examples", "testserver", 405),
    ("the operator's addresses", "GET", "/healthz", "testserver", 200),
]


@pytest.mark.parametrize(
    ("method", "path", "host_name", "status"),
    [row[1:] for row in PAGES],
    ids=[row[0] for row in PAGES],
)
async def test_every_page_says_what_browsers_may_do_with_it(
    host: LocalHost, method: str, path: str, host_name: str, status: int
) -> None:
    answered, headers = await headers_of(path, method, host_name)
    assert answered == status
    assert {name: headers.get(name) for name in PAGE} == PAGE
    policy = policy_of(headers["content-security-policy"])
    assert policy["script-src"] == ["'self'"]
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == policy["connect-src"] == ["'self'"]
    assert "unsafe-eval" not in headers["content-security-policy"]


def policy_of(text: str) -> dict[str, list[str]]:
    parts = [part.split() for part in text.split(";") if part.strip()]
    return {part[0]: part[1:] for part in parts}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/k8s/none/none/version", 404), ("/k8s/none", 404), ("/k8s/", 404)],
)
async def test_answers_of_a_cluster_are_sandboxed(host: LocalHost, path: str, status: int) -> None:
    answered, headers = await headers_of(path)
    assert answered == status
    assert {name: headers.get(name) for name in CLUSTER} == CLUSTER
    policy = policy_of(headers["content-security-policy"])
    assert policy["sandbox"] == []
    assert policy["default-src"] == ["'none'"] and policy["frame-ancestors"] == ["'none'"]


async def test_a_clusters_own_answers_are_sandboxed_and_cookieless(host: LocalHost) -> None:
    browser = Browser()
    session = await browser.start()
    config = (await browser.get(f"/api/v1/sessions/{session}/kubeconfig")).content.decode()
    server = re.findall(r"server: http://testserver(\S+)", config)[0]
    for path in ("/version", "/none", "/api/v1/namespaces/default/pods/none/proxy/"):
        _, headers = await headers_of(server + path)
        assert headers["content-security-policy"].startswith("sandbox;")
        assert "set-cookie" not in headers


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[static.StaticFiles]:
    (tmp_path / "a.js").write_text("1")
    yield static.StaticFiles("/static/", [tmp_path])


@pytest.mark.parametrize(("path", "status"), [("/static/a.js", 200), ("/static/none", 404)])
async def test_files_are_what_they_say_and_for_this_site(
    file: static.StaticFiles, path: str, status: int
) -> None:
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    talk = ApplicationCommunicator(file, scope)
    await talk.send_input({"type": "http.request"})
    begin = await talk.receive_output(5)
    headers = {name.decode().lower(): value.decode() for name, value in begin["headers"]}
    assert begin["status"] == status
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "path", ["/static/../manage.py", "/static/%2e%2e/manage.py", "/static/..%2fmanage.py"]
)
async def test_files_outside_are_not_served(host: LocalHost, path: str) -> None:
    assert (await headers_of(path))[0] == 404


async def test_cookies_are_for_the_site_alone(host: LocalHost, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    browser = Browser()
    await browser.sign_up("ada")
    for name in ("sessionid", "csrftoken", "podyard_visitor"):
        cookie = browser.client.cookies[name]
        assert (
            name,
            cookie["httponly"],
            cookie["samesite"],
            cookie["secure"],
            cookie["domain"],
        ) == ((name, True, "Lax", True, ""))


async def test_logging_in_changes_every_key(host: LocalHost) -> None:
    browser = Browser()
    await browser.sign_up("ada")
    await browser.log_out()
    await browser.get("/teach/welcome/none/")
    before = {name: one.value for name, one in browser.client.cookies.items() if one.value}
    await browser.log_in("ada")
    after = {name: one.value for name, one in browser.client.cookies.items() if one.value}
    assert {name for name in before if before[name] == after.get(name)} == set()


BAD_TARGETS = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example/",
    "http://testserver@evil.example/",
]


@pytest.mark.parametrize("target", BAD_TARGETS)
async def test_logging_in_leads_nowhere_else(host: LocalHost, target: str) -> None:
    browser = Browser()
    await browser.sign_up("ada")
    out = await browser.post("/accounts/logout/", {"next": target})
    assert out.headers["location"] == "/"
    form = {"login": "ada", "password": PASSWORD, "next": target}
    answer = await browser.post("/accounts/login/", form)
    assert answer.headers["location"] == "/account/"
    again = await browser.client.get("/accounts/login/", {"next": target})
    assert "evil" not in again.headers["location"] and "alert" not in again.headers["location"]


async def test_logging_in_leads_back_to_the_session(host: LocalHost) -> None:
    browser = Browser()
    session = await browser.start()
    form = {"username": "ada", "password1": PASSWORD, "password2": PASSWORD}
    answer = await browser.post("/accounts/signup/", {**form, "next": f"/s/{session}/"})
    assert answer.headers["location"] == f"/s/{session}/"


async def test_nobody_is_logged_in_by_another_sites_form(host: LocalHost) -> None:
    await Browser().sign_up("mallory")
    victim = AsyncClient(enforce_csrf_checks=True)
    form = {"login": "mallory", "password": PASSWORD}
    answer = await victim.post("/accounts/login/", form)
    assert answer.status_code == 403
    assert "sessionid" not in victim.cookies


async def test_wrong_passwords_are_counted_per_name_and_per_address(
    host: LocalHost, settings: Any
) -> None:
    settings.PODYARD_TRUST_PROXY = True
    await Browser().sign_up("ada")

    async def said(password: str, address: str) -> str:
        form = {"login": "ada", "password": password}
        headers = {"x-forwarded-for": f"203.0.113.9, {address}"}
        answer = await AsyncClient().post("/accounts/login/", form, headers=headers)
        return "in" if answer.status_code == 302 else answer.content.decode()

    for _ in range(settings.PODYARD_LOGIN_FAILURES_PER_NAME_MAX):
        assert "not correct" in await said("wrong", "198.51.100.1")
    assert "Too many failed" in await said(PASSWORD, "198.51.100.1")
    assert await said(PASSWORD, "198.51.100.2") == "in"


async def test_an_address_that_is_only_claimed_is_not_believed(
    host: LocalHost, settings: Any
) -> None:
    statuses = []
    for number in range(settings.PODYARD_LOGINS_PER_ADDRESS_MINUTE_MAX + 2):
        headers = {"x-forwarded-for": f"198.51.100.{number}"}
        form = {"login": f"name{number}", "password": "wrong"}
        answer = await AsyncClient().post("/accounts/login/", form, headers=headers)
        statuses.append(answer.status_code)
    assert statuses[0] == 200 and statuses[-1] == 429


async def test_accounts_are_not_made_by_the_dozen(host: LocalHost, settings: Any) -> None:
    client, statuses = AsyncClient(), []
    for _ in range(settings.PODYARD_SIGNUPS_PER_ADDRESS_MINUTE_MAX + 1):
        statuses.append((await client.post("/accounts/signup/", {})).status_code)
    assert statuses[-1] == 429
    page = await client.post("/accounts/signup/", {})
    assert b"Too much at once" in page.content


NASTY = "<script>alert(1)</script>\"'"


async def test_what_people_call_themselves_is_text(host: LocalHost) -> None:
    browser = Browser()
    session = await browser.start()
    await browser.post("/account/", {"name": NASTY, "color": "hsl(0 55% 45%)"})
    for path in ("/", "/account/", "/privacy/", f"/s/{session}/"):
        assert "<script>alert" not in (await browser.get(path)).content.decode()


#: Where text becomes HTML without escaping, and why that is safe.
RAW_HTML = {
    "playground/templatetags/frontend.py": "made by the build",
    "static/app/elements/icon.ts": "icons of a package, at build time",
    "static/app/panels/lesson/lesson.ts": "cleaned by nh3 on the server",
    "static/app/panels/lesson/step.ts": "cleaned by nh3 on the server",
}
_RAW = re.compile(
    r"\|\s*safe\b|autoescape\s+off|mark_safe|unsafeHTML\(|unsafeSVG\(|\.innerHTML\s*=|"
    r"insertAdjacentHTML|document\.write|\|\s*safeseq"
)


def test_text_becomes_html_only_where_it_is_known_to_be_safe() -> None:
    found = {
        str(path.relative_to(ROOT))
        for folder, pattern in (("playground", "*.py"), ("templates", "*"), ("static/app", "*.ts"))
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and _RAW.search(path.read_text())
    }
    assert found == set(RAW_HTML), "escape it, or say in RAW_HTML why it is safe"


def test_no_page_holds_a_script_or_a_style_of_its_own() -> None:
    inline = re.compile(
        r"<script(?![^>]*(?:src=|type=\"application/json\"))[^>]*>|\son\w+=\"|<style"
    )
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if inline.search(path.read_text())
    ]
    assert found == []
