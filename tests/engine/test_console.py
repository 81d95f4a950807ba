"""The console's paths: sizes that make no sense are no reason to fail."""

from __future__ import annotations

import pytest

from cluster_engine import ADMIN, Cluster, ClusterSpec, Request


@pytest.mark.parametrize(
    "columns", ["", "0", "000", "-1", "wide", "\N{SUPERSCRIPT TWO}", "9" * 5000, "120"]
)
def test_a_console_opens_at_any_size(columns: str) -> None:
    cluster = Cluster(ClusterSpec(nodes=0))
    query = f"columns={columns}&rows=24"
    answer = cluster.handle(Request("POST", "/podyard/v1/console", query, user=ADMIN))
    assert answer.status == 101
