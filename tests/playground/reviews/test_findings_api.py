"""Findings over REST: for the editor, before anybody has submitted anything."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import AsyncClient

from playground.reviews.findings import Severity
from playground.reviews.findings.severities import severities_of
from playground.reviews.models import RuleSetting
from playground.reviews.rules import rule_choices

pytestmark = pytest.mark.django_db(transaction=True)

_POD = (
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  hostPID: true\n  containers: []\n"
)


async def _ask(body: Any) -> Any:
    return await AsyncClient().post("/api/v1/findings", body, content_type="application/json")


async def test_a_text_is_judged_for_anybody() -> None:
    answer = await _ask({"text": _POD})
    assert answer.status_code == 200
    found = {one["rule"]: one for one in answer.json()["findings"]}
    assert (found["host-pid"]["line"], found["host-pid"]["severity"]) == (6, "error")


@pytest.mark.parametrize("body", [{}, {"text": 7}], ids=["no text", "a number"])
async def test_a_text_is_wanted(body: dict[str, Any]) -> None:
    answer = await _ask(body)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "text"


async def test_too_long_a_text_is_refused_as_a_finding(settings: Any) -> None:
    settings.PODYARD_ADVICE_BYTES_MAX = 50
    answer = await _ask({"text": _POD})
    assert [one["rule"] for one in answer.json()["findings"]] == ["unreadable"]


async def test_the_rules_are_listed_with_their_severity_here(settings: Any) -> None:
    settings.PODYARD_FINDINGS_SEVERITIES = "latest-tag=off, bare-pod=warning"
    answer = await AsyncClient().get("/api/v1/findings/rules")
    found = {rule["id"]: rule["severity"] for rule in answer.json()["rules"]}
    assert (found["latest-tag"], found["bare-pod"]) == ("off", "warning")
    assert len(found) > 100


async def test_a_rule_that_is_off_here_says_nothing(settings: Any) -> None:
    settings.PODYARD_FINDINGS_SEVERITIES = "host-pid=off"
    answer = await _ask({"text": _POD})
    assert "host-pid" not in {one["rule"] for one in answer.json()["findings"]}


async def test_the_database_has_the_last_word(settings: Any) -> None:
    settings.PODYARD_FINDINGS_SEVERITIES = "host-pid=off"
    await RuleSetting.objects.acreate(rule="host-pid", severity="warning")
    answer = await _ask({"text": _POD})
    found = {one["rule"]: one["severity"] for one in answer.json()["findings"]}
    assert found["host-pid"] == Severity.WARNING


async def test_a_rule_can_be_chosen_by_its_title() -> None:
    assert ("host-pid", "security: Sees the node's processes (error)") in rule_choices()


@pytest.mark.parametrize(
    ("text", "word"),
    [("no-such-rule=off", "no-such-rule"), ("host-pid=loud", "loud"), ("host-pid", "host-pid")],
    ids=["an unknown rule", "an unknown severity", "no severity"],
)
def test_a_mistyped_setting_is_named(text: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        severities_of(text)
