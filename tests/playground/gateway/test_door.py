"""Which program a person uses, as the record of writes has it."""

from __future__ import annotations

import pytest

from cluster_engine.apiserver.requests import Caller
from playground.gateway.door import Grant, caller_of

_GRANT = Grant("abc", "/api", None, caller=Caller("ada", "Ada", "api"))


@pytest.mark.parametrize(
    ("headers", "source"),
    [
        ({"user-agent": "kubectl/v1.37.2 (linux/amd64) kubernetes/abc"}, "kubectl"),
        ({"user-agent": "kubectl-1.33/v1.33.0 (linux/amd64)"}, "kubectl"),
        ({"user-agent": "k/v1.33.0", "kubectl-command": "kubectl apply"}, "kubectl"),
        ({"user-agent": "Helm/3.16"}, "api"),
        ({"user-agent": "Mozilla/5.0"}, "editor"),
        ({}, "api"),
    ],
    ids=["kubectl", "a renamed kubectl", "by its own header", "helm", "a browser", "nothing"],
)
def test_a_program_is_known_by_its_headers(headers: dict[str, str], source: str) -> None:
    caller = caller_of(_GRANT, headers)
    assert caller is not None
    assert caller.source == source


def test_where_there_is_nobody_there_is_no_program() -> None:
    assert caller_of(Grant("abc", "/api", None), {"user-agent": "kubectl/v1"}) is None
