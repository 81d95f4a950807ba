"""What came into a cluster brings it back: the same state in a process with another hash seed, from
its beginning or from a snapshot made at any moment, wherever time was cut into slices."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys

import pytest

from playground.hosting.journal.records import Op, encode
from tests.playground.hosting.replaying import Life, digest


def played(saved: bytes | None, life: Life, since: int) -> dict[str, str]:
    """The digest that another process comes to."""
    given = pickle.dumps((saved, life.seed, encode(life.records[since:])))
    done = subprocess.run(
        [sys.executable, "-m", "tests.playground.hosting.replaying"],
        input=given,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": str(life.seed + 1)},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("seed", [3, 6, 11])
def test_a_replay_leads_to_the_same_cluster(seed: int) -> None:
    life = Life(seed)
    cuts: list[tuple[int, bytes | None]] = [(0, None)]
    for _ in range(2):
        life.live(12)
        cuts.append((len(life.records), life.saved()))
    life.live(8)
    life.note(Op.HERE)
    lived = digest(life.cluster)
    for since, saved in cuts:
        assert played(saved, life, since) == lived
