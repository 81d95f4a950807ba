"""Templates: every shipped one starts, and its cluster settles as its summary says."""

from __future__ import annotations

import pytest

from playground.hosting.local import LocalHost
from playground.lab_sessions.selectors import templates
from playground.lab_sessions.templates import Shipped, Template, Templates, read
from tests.playground.lab_sessions.test_rest import Browser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("template", Shipped().all(), ids=lambda template: template.name)
async def test_a_shipped_template_starts(host: LocalHost, template: Template) -> None:
    browser = Browser()
    body = await browser.start(template=template.name)
    await host.clock_advance(body["id"], 120_000)
    view = await host.view(body["id"])
    scene = view.frames_now()[0]
    assert len(scene["nodes"]) >= template.nodes
    assert all(node["ready"] for node in scene["nodes"].values())
    states = {pod["state"] for pod in scene["pods"].values()}
    waits = {"waiting"} if template.name == "node-pressure" else set()
    assert states == (({"running"} if template.manifests else set()) | waits)


async def test_templates_are_listed(host: LocalHost) -> None:
    rows = (await Browser().ask("GET", "templates")).json()["templates"]
    shipped = [row["name"] for row in rows if not row["lesson"]]
    assert shipped == ["empty", "web-shop", "node-pressure", "zones"]
    assert "lesson:pods-first" in [row["name"] for row in rows]
    assert all(row["title"] and row["summary"] for row in rows)


async def test_an_unknown_template_names_the_known_ones(host: LocalHost) -> None:
    answer = await Browser().ask("POST", "sessions", {"template": "castle"})
    error = answer.json()["error"]
    assert (answer.status_code, error["field"]) == (422, "template")
    assert "web-shop" in error["message"]


async def test_what_is_asked_for_goes_before_the_template(host: LocalHost) -> None:
    body = await Browser().start(template="web-shop", nodes=1)
    assert body["nodes"] == 1


def test_other_apps_add_sources() -> None:
    class Lessons:
        def all(self) -> list[Template]:
            return [Template("lesson:first", "First", "A first lesson", lesson="first")]

        def get(self, name: str) -> Template | None:
            return next((one for one in self.all() if one.name == name), None)

    found = Templates()
    found.add(Lessons())
    assert found.get("lesson:first") == Lessons().all()[0]
    assert found.get("nothing") is None
    assert [one.name for one in found.all()][-1] == "lesson:first"


def test_a_header_with_an_unknown_word_is_refused() -> None:
    with pytest.raises(ValueError, match="colour is none of"):
        read("10-x", "title: x\nsummary: y\ncolour: red\n")


def test_the_site_has_the_shipped_ones() -> None:
    assert templates().get("empty") is not None
