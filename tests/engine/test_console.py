"""The console's paths: sizes that make no sense are no reason to fail."""

from __future__ import annotations

import pytest

from cluster_engine import ADMIN, Cluster, ClusterSpec, Request
from cluster_engine.console import hostname


@pytest.mark.parametrize(
    "columns", ["", "0", "000", "-1", "wide", "\N{SUPERSCRIPT TWO}", "9" * 5000, "120"]
)
def test_a_console_opens_at_any_size(columns: str) -> None:
    cluster = Cluster(ClusterSpec(nodes=0))
    query = f"columns={columns}&rows=24"
    answer = cluster.handle(Request("POST", "/podyard/v1/console", query, user=ADMIN))
    assert answer.status == 101


def test_the_machine_has_a_name_that_machines_can_have() -> None:
    assert hostname("Rolling out & back!") == "rolling-out-back"
    assert hostname("Übung") == "bung"
    assert hostname("!") == "console"
    assert len(hostname("x" * 90)) == 63
